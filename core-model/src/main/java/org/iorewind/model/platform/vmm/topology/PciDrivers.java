package org.iorewind.model.platform.vmm.topology;

import java.util.Set;

/** Names of drivers, and what they are to a topology. */
final class PciDrivers {
    static final String SOFTWARE = "amd-iommu";
    static final String HARDWARE = "amd-viommu";
    static final String EXPANDER = "pxb-pcie";
    static final String PASSTHROUGH = "vfio-pci";

    /** The function of an instance that {@code pci-id=} can name. */
    static final Set<String> IOMMU_FUNCTIONS = Set.of("AMDVI-PCI", "AMD-VIOMMU-PCI");

    /** A switch's lower side. */
    static final String SWITCH_PORT = "xio3130-downstream";

    /** Ports below which one device stands, in slot 0. */
    static final Set<String> PORTS = Set.of("ioh3420", "pcie-root-port", SWITCH_PORT);

    /** A switch's upper side, whose bus has room for 32 ports. */
    static final String SWITCH = "x3130-upstream";

    /** A bridge to conventional PCI, which puts its own requester ID on what comes from below. */
    static final String CONVENTIONAL_BRIDGE = "pcie-pci-bridge";

    private static final Set<String> EMULATED = Set.of(
            "VGA",
            "am53c974",
            "bochs-display",
            "cirrus-vga",
            "e1000",
            "e1000e",
            "edu",
            "ich9-ahci",
            "ich9-intel-hda",
            "igb",
            "intel-hda",
            "ivshmem-doorbell",
            "ivshmem-plain",
            "megasas",
            "mptsas1068",
            "nec-usb-xhci",
            "nvme",
            "pci-serial",
            "pci-testdev",
            "pvscsi",
            "qemu-xhci",
            "qxl",
            "qxl-vga",
            "rtl8139",
            "secondary-vga",
            "usb-ehci",
            "virtio-9p-pci",
            "virtio-balloon-pci",
            "virtio-blk-pci",
            "virtio-crypto-pci",
            "virtio-gpu-pci",
            "virtio-keyboard-pci",
            "virtio-mouse-pci",
            "virtio-net-pci",
            "virtio-pmem-pci",
            "virtio-rng-pci",
            "virtio-scsi-pci",
            "virtio-serial-pci",
            "virtio-tablet-pci",
            "virtio-vga",
            "vhost-user-blk-pci",
            "vhost-user-fs-pci",
            "vhost-vsock-pci",
            "vmware-svga",
            "vmxnet3");

    private PciDrivers() {}

    static boolean isInstance(String driver) {
        return driver.equals(SOFTWARE) || driver.equals(HARDWARE);
    }

    static boolean isBridge(String driver) {
        return PORTS.contains(driver)
                || driver.equals(SWITCH)
                || driver.equals(CONVENTIONAL_BRIDGE)
                || driver.equals(EXPANDER);
    }

    static boolean isKnown(String driver) {
        return isInstance(driver)
                || isBridge(driver)
                || driver.equals(PASSTHROUGH)
                || IOMMU_FUNCTIONS.contains(driver)
                || EMULATED.contains(driver);
    }
}
