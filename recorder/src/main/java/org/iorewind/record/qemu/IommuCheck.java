package org.iorewind.record.qemu;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.record.UnsupportedSourceException;
import org.iorewind.trace.SessionInfo;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the IOMMU in a command line: that there is one that can be recorded, and whether its options let anything be
 * translated at all.
 */
final class IommuCheck {
    private static final String MODEL = "amd-iommu";

    private final Properties iommu;
    private final List<String> warnings = new ArrayList<>();
    private int deviceOptions;

    /**
     * Looks.
     *
     * @throws UnsupportedSourceException if the IOMMU is of another make
     * @throws CommandLineException if there is none, or more than one
     */
    IommuCheck(QemuCommand command, Capabilities capabilities, String accelerator) {
        refuseOthers(command);
        List<Properties> found = command.devices(MODEL);
        if (found.isEmpty()) {
            throw new CommandLineException("expected -device amd-iommu among QEMU's options, found none: there would be"
                    + " nothing to record; add " + advice(capabilities)
                    + (command.has("readconfig") ? " (files of -readconfig are not looked into)" : ""));
        }
        if (found.size() > 1) {
            throw new CommandLineException("expected one -device amd-iommu, found " + found.size()
                    + ": QEMU's lines do not say which IOMMU they are about; leave one");
        }
        if (capabilities.iommuOptions().isEmpty()) {
            throw new CommandLineException(
                    "QEMU " + capabilities.version().text() + " has no amd-iommu: use qemu-system-x86_64");
        }
        iommu = found.get(0);
        dmaRemapping(capabilities);
        interruptRemapping(capabilities, accelerator);
        virtio(command);
    }

    private static void refuseOthers(QemuCommand command) {
        String other = null;
        for (String model : List.of("intel-iommu", "arm-smmuv3", "virtio-iommu", "virtio-iommu-pci")) {
            if (!command.devices(model).isEmpty()) {
                other = model;
            }
        }
        if ("smmuv3".equals(command.machineProperty("iommu"))) {
            other = "smmuv3 (-machine iommu=smmuv3)";
        }
        if (other != null && command.devices(MODEL).isEmpty()) {
            throw new UnsupportedSourceException(
                    "the QEMU command line",
                    "-device amd-iommu",
                    other + ", which is not supported yet",
                    "record a machine with -device amd-iommu");
        }
    }

    private static String advice(Capabilities capabilities) {
        return capabilities.iommuOptions().contains("dma-remap")
                ? "-device amd-iommu,intremap=on,dma-remap=on"
                : "-device amd-iommu,intremap=off,pt=off";
    }

    private void dmaRemapping(Capabilities capabilities) {
        String version = "QEMU " + capabilities.version().major() + "."
                + capabilities.version().minor();
        if (!capabilities.version().isFrom(10, 0)) {
            warnings.add(
                    version + " was never seen to print the translations of a guest's DMA; use QEMU 10.0 or later to"
                            + " record them");
        }
        if (capabilities.iommuOptions().contains("dma-remap")) {
            if (!iommu.isOn("dma-remap")) {
                deviceOptions |= SessionInfo.DMA_REMAPPING_OFF;
                warnings.add("DMA will not be translated: " + version
                        + " translates only with dma-remap=on, which is off by default; write " + advice(capabilities));
            }
        } else if (!iommu.isOff("pt")) {
            deviceOptions |= SessionInfo.DMA_REMAPPING_OFF;
            warnings.add("DMA will not be translated: with pt=on, the default of " + version
                    + ", it passes the IOMMU; write " + advice(capabilities));
        }
    }

    private void interruptRemapping(Capabilities capabilities, String accelerator) {
        if (iommu.isOff("intremap")) {
            deviceOptions |= SessionInfo.INTERRUPT_REMAPPING_OFF;
        } else if (!capabilities.version().isFrom(10, 2) && accelerator.equals("tcg")) {
            warnings.add(
                    "Linux panics at its start with interrupt remapping under TCG on this QEMU ('timer doesn't work"
                            + " through Interrupt-remapped IO-APIC'); write intremap=off");
        }
    }

    private void virtio(QemuCommand command) {
        for (String value : command.values("device")) {
            Properties device = Properties.of(value);
            boolean virtio =
                    device.first().startsWith("virtio-") && device.first().endsWith("-pci");
            if (virtio && !device.isOn("iommu_platform")) {
                warnings.add(device.first() + " goes past the IOMMU; to have its DMA translated, write "
                        + device.first() + ",iommu_platform=on,disable-legacy=on");
            }
        }
    }

    List<String> warnings() {
        return warnings;
    }

    int deviceOptions() {
        return deviceOptions;
    }

    /** The option of the device, or null. */
    @Nullable
    String option(String name) {
        return iommu.get(name);
    }
}
