package org.iorewind.model.platform.vmm.topology;

import java.util.Optional;

/**
 * An IOMMU that the guest sees.
 *
 * @param number in the order of the options, from 0
 * @param kind software ({@code amd-iommu}) or hardware ({@code amd-viommu})
 * @param id the option's id, or empty text
 * @param function its PCI function in the guest
 * @param mmioBase guest physical address of its 16 KiB of registers
 * @param binding how devices are bound to it
 * @param physical function of the physical IOMMU behind it: of a hardware instance, known once it has a device or names one
 * @param isRemappingInterrupts {@code intremap}
 * @param isRemappingDma {@code dma-remap}: a software instance keeps tables for passthrough devices and sets NpCache
 * @param translateId DeviceID that the VMM chose for the translate device, if it chose one
 */
public record VirtualInstance(
        int number,
        Kind kind,
        String id,
        PciAddress function,
        long mmioBase,
        Binding binding,
        Optional<PciAddress> physical,
        boolean isRemappingInterrupts,
        boolean isRemappingDma,
        Optional<Integer> translateId) {
    /** Bytes of an instance's MMIO window. */
    public static final int MMIO_BYTES = 0x4000;

    private static final long FIRST_MMIO_BASE = 0xFED8_0000L;

    /** Who plays the IOMMU. */
    public enum Kind {
        /** The VMM. */
        SOFTWARE,
        /** The physical IOMMU. */
        HARDWARE
    }

    /** How devices name their instance, one way for each generation of options (amd-viommu reference 10.1). */
    public enum Binding {
        /** A software instance has the devices that no other has. */
        REST,
        /** {@code iommu=} of the device names the instance's id. */
        LINK,
        /** {@code parent-iommu-id=} of the device equals {@code iommu-id=}. */
        NUMBER,
        /** {@code primary-bus=} names the root bus of the devices. */
        ROOT_BUS,
        /** The function that {@code pci-id=} names stands below the root bus of the devices. */
        PCI_FUNCTION;

        /** Whether all buses below a root bus belong to the instance. */
        public boolean isByRootBus() {
            return this == ROOT_BUS || this == PCI_FUNCTION;
        }
    }

    /** Guest physical address of an instance's registers (amd-viommu reference 10.2). */
    static long mmioBase(int number) {
        return FIRST_MMIO_BASE + (long) number * MMIO_BYTES;
    }

    /** Whether the physical IOMMU plays it. */
    public boolean isHardware() {
        return kind == Kind.HARDWARE;
    }
}
