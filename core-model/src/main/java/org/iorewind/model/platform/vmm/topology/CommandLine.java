package org.iorewind.model.platform.vmm.topology;

import java.util.ArrayList;
import java.util.List;

/**
 * What a VMM's command line says that matters to its PCI topology.
 *
 * @param machine kind of machine and its interrupt controller
 * @param hasDisplay whether a display adapter is added that no option names
 * @param hasNetwork whether a network adapter is added that no option names
 * @param iommufds ids of the iommufd backends
 * @param devices the {@code -device} options in order
 */
public record CommandLine(
        Machine machine, boolean hasDisplay, boolean hasNetwork, List<String> iommufds, List<DeviceOption> devices) {

    /** Copies the lists. */
    public CommandLine {
        iommufds = List.copyOf(iommufds);
        devices = List.copyOf(devices);
    }

    /**
     * The machine.
     *
     * @param type {@code q35} with or without a version
     * @param isAccelerated whether a hypervisor runs it, so that its interrupt controller may be the kernel's
     * @param irqchip the option {@code kernel-irqchip}
     */
    public record Machine(String type, boolean isAccelerated, Irqchip irqchip) {
        /** A q35 with its interrupt controller split between kernel and VMM. */
        public static final Machine SPLIT_Q35 = new Machine("q35", true, Irqchip.SPLIT);

        /** Whether it is a q35 of any version. */
        public boolean isQ35() {
            return type.equals("q35") || type.startsWith("pc-q35");
        }

        /** Whether the IOAPIC is the kernel's, where no IOMMU of the VMM can remap its interrupts. */
        public boolean isIrqchipInKernel() {
            return isAccelerated && irqchip == Irqchip.ON;
        }
    }

    /** Where the interrupt controllers are. */
    public enum Irqchip {
        /** All in the kernel; what an accelerated machine has if nothing is said. */
        ON,
        /** IOAPIC and PIC in the VMM, local APICs in the kernel. */
        SPLIT,
        /** All in the VMM. */
        OFF
    }

    /** A split q35 without default devices: each text is what follows {@code -device}; iommufd0 exists. */
    public static CommandLine ofDevices(String... options) {
        List<DeviceOption> devices = new ArrayList<>();
        for (String option : options) {
            devices.add(DeviceOption.parse(option));
        }
        return new CommandLine(Machine.SPLIT_Q35, false, false, List.of("iommufd0"), devices);
    }

    /** The same with one more device. */
    CommandLine with(DeviceOption device) {
        List<DeviceOption> more = new ArrayList<>(devices);
        more.add(device);
        return new CommandLine(machine, hasDisplay, hasNetwork, iommufds, more);
    }
}
