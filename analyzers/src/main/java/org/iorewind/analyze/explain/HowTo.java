package org.iorewind.analyze.explain;

import org.iorewind.analyze.text.Notation;

/** What to do to be sure, with the commands to type. */
final class HowTo {
    private HowTo() {}

    /** Records maps and unmaps of the driver. */
    static Proof traceMappings(String device) {
        return Proof.of(
                "record which addresses are mapped and unmapped for " + device + " until the fault comes again",
                "trace-cmd record -e iommu:map -e iommu:unmap -e iommu:io_page_fault",
                "trace-cmd report > ftrace.txt",
                "iorewind import ftrace ftrace.txt -o maps.iorw");
    }

    /** Makes every unmap take effect at once. */
    static Proof strict() {
        return Proof.of(
                "boot with iommu.strict=1: an address is then dead as soon as it is unmapped, and the fault moves to"
                        + " the moment of the first wrong use");
    }

    /** Records everything in a VM. */
    static Proof recordVm() {
        return Proof.of(
                "run the driver and its device in a VM and record everything there, tables included",
                "iorewind record qemu -o run.iorw -- qemu-system-x86_64 ... -device amd-iommu,intremap=on,dma-remap=on",
                "iorewind explain run.iorw");
    }

    /** Lets the kernel check how a driver uses the DMA API. */
    static Proof checkDmaApi(String driver) {
        return Proof.of(
                "let the kernel check how the driver uses the DMA API (a kernel with CONFIG_DMA_API_DEBUG=y): boot"
                        + " with "
                        + (driver.isEmpty() || driver.equals("pci") ? "dma_debug=on" : "dma_debug_driver=" + driver)
                        + " and look for lines of DMA-API");
    }

    /** Shows the device table entry. */
    static Proof deviceEntry(String device) {
        return Proof.of(
                "read the device table entry of " + device + " (kernels 7.x)",
                "echo " + device + " > /sys/kernel/debug/iommu/amd/devid",
                "cat /sys/kernel/debug/iommu/amd/devtbl > devtbl.txt");
    }

    /** Shows the interrupt table. */
    static Proof interruptTable(String device) {
        return Proof.of(
                "read the interrupt table of " + device + " (kernels 7.x)",
                "echo " + device + " > /sys/kernel/debug/iommu/amd/devid",
                "cat /sys/kernel/debug/iommu/amd/irqtbl");
    }

    /** Shows the command ring. */
    static Proof commandRing() {
        return Proof.of(
                "boot with amd_iommu_dump=1, so that the kernel prints the command ring when it gives up (7.x), or read the"
                        + " ring",
                "cat /sys/kernel/debug/iommu/amd/iommu00/cmdbuf");
    }

    /** Turns off address translation by devices. */
    static Proof withoutAts() {
        return Proof.of(
                "boot with pci=noats: if the messages stop, it is the device's own translation cache (ATS) that does"
                        + " not answer");
    }

    /** Shows what may not be translated. */
    static Proof reservedRegions(String device) {
        return Proof.of(
                "compare the address with what is reserved for the device",
                "cat /sys/bus/pci/devices/" + device + "/iommu_group/reserved_regions");
    }

    /** Shows what lies at an address. */
    static Proof memoryMap(long address) {
        return Proof.of("see what lies at " + Notation.hex(address) + " in physical memory", "sudo cat /proc/iomem");
    }

    /** Shows whether a device may start requests. */
    static Proof busMaster(String device) {
        return Proof.of(
                "see whether the device may start requests (BusMaster+) before its driver is there",
                "lspci -vv -s " + device);
    }

    /** Shows the state of the link. */
    static Proof link(String device) {
        return Proof.of(
                "look at the device's link and its cache", "lspci -vv -s " + device + " | grep -E 'LnkSta|ATSCtl'");
    }

    /** Shows firmware's description. */
    static Proof ivrs() {
        return Proof.of("look at ACPI's table of IOMMUs", "acpidump -n IVRS -b", "iasl -d ivrs.dat");
    }

    /** Looks for faulty memory. */
    static Proof memoryErrors() {
        return Proof.of(
                "look for machine checks in the same log, and run a memory test",
                "journalctl -k | grep -iE 'mce|edac'");
    }

    /** Records what happens to PASIDs and page requests. */
    static Proof sharedAddresses() {
        return Proof.of(
                "record what the kernel does with the device's address spaces",
                "trace-cmd record -e 'iommu:*'",
                "trace-cmd report > ftrace.txt");
    }
}
