package org.iorewind.analyze.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.explain.Explanation.Remark;

/** What the driver says at its start that a reader of faults should know. Each is told once. */
final class Remarks {
    private static final String[][] KNOWN = {
        {"Disabling interrupt remapping", "interrupts of devices are not checked: a device can send any"},
        {
            "not in IVRS table",
            "firmware does not tell the IOMMU about an I/O APIC; Linux then switches interrupt remapping off"
        },
        {
            "No southbridge IOAPIC found",
            "firmware does not tell the IOMMU about the southbridge's I/O APIC; Linux then switches interrupt remapping off"
        },
        {"IVRS invalid checksum", "ACPI's table of IOMMUs is damaged: Linux does not use the IOMMU"},
        {"IVRS table error", "ACPI's table of IOMMUs could not be read: Linux does not use the IOMMU"},
        {"Failed to initialize", "Linux does not use an IOMMU, or not all of it"},
        {
            "Using strict mode due to virtualization",
            "the kernel runs in a virtual machine, whose IOMMU caches entries that"
                    + " are not present: it is most likely an emulated one"
        },
        {"Translation is already enabled", "another kernel had the IOMMU before: devices may still work for it"},
        {"from previous kernel", "this kernel took over the device table of the kernel before"},
        {"inconsistent EFR", "firmware and IOMMU disagree about what the IOMMU can do"},
        {"EFR mismatch", "firmware and IOMMU disagree about what the IOMMU can do"},
        {"IOMMU disabled", "the IOMMU is off"},
        {"Unable to", "the IOMMU's performance counters cannot be used; translation is not affected"},
        {"PPR logged [", "the driver refused a page request of a device"},
        {"Invalid PASID", "a device sent a page request for a PASID that it does not have"},
        {"Failed to allocate IRTE", "a device got no place in its interrupt table"}
    };

    private final Map<String, Remark> remarks = new LinkedHashMap<>();

    void line(String text) {
        int vendor = text.indexOf("AMD-Vi: ");
        if (vendor < 0 || text.startsWith("Event logged [", vendor + 8)) {
            return;
        }
        for (String[] known : KNOWN) {
            if (text.indexOf(known[0], vendor) >= 0 && !remarks.containsKey(known[0])) {
                remarks.put(known[0], new Remark(text, known[1]));
            }
        }
    }

    List<Remark> list() {
        return new ArrayList<>(remarks.values());
    }
}
