package org.iorewind.model.iommu.log;

import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.quirk.EventRules;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.HardwareEventDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;

/**
 * The registers that keep the latest hardware error, whether or not the event log runs (reference 1.9). A second error
 * takes the place of the first and sets HEO. Not thread-safe; allocates nothing.
 */
final class HardwareEvents {
    private final RegisterFile registers;
    private final IommuOptions options;
    private final EventRules rules;

    HardwareEvents(RegisterFile registers, IommuOptions options) {
        this.registers = registers;
        this.options = options;
        this.rules = options.quirks().events();
    }

    /** Keeps an event if it is a hardware error. */
    void note(long quadword0, long quadword1) {
        boolean isPresent = (options.extendedFeatures() & FeatureDescriptor.HARDWARE_EVENTS) != 0;
        if (!isPresent || !rules.fillsHardwareRegisters() || !isHardwareError(EventDescriptor.code(quadword0))) {
            return;
        }
        if (registers.isSet(HardwareEventDescriptor.STATUS, HardwareEventDescriptor.VALID)) {
            registers.raise(HardwareEventDescriptor.STATUS, HardwareEventDescriptor.OVERFLOW);
        }
        registers.set(HardwareEventDescriptor.UPPER, quadword0);
        registers.set(HardwareEventDescriptor.LOWER, quadword1);
        registers.raise(HardwareEventDescriptor.STATUS, HardwareEventDescriptor.VALID);
    }

    private static boolean isHardwareError(int code) {
        return switch (code) {
            case EventDescriptor.DEV_TAB_HARDWARE_ERROR,
                    EventDescriptor.PAGE_TAB_HARDWARE_ERROR,
                    EventDescriptor.COMMAND_HARDWARE_ERROR -> true;
            default -> false;
        };
    }
}
