package org.iorewind.replay;

import static org.iorewind.model.iommu.register.RegisterDescriptor.*;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/** Names of the host's IOMMU registers (reference 1.3), as short as a line needs them. */
public final class RegisterNames {
    private static final long REGISTER_BYTES = 8;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(DEVICE_TABLE_BASE, "DeviceTableBase"),
            Map.entry(COMMAND_BASE, "CommandBase"),
            Map.entry(EVENT_BASE, "EventLogBase"),
            Map.entry(CONTROL, "Control"),
            Map.entry(EXCLUSION_BASE, "ExclusionBase"),
            Map.entry(EXCLUSION_LIMIT, "ExclusionLimit"),
            Map.entry(EXTENDED_FEATURES, "ExtendedFeatures"),
            Map.entry(PPR_BASE, "PprLogBase"),
            Map.entry(GUEST_APIC_LOG_BASE, "GuestApicLogBase"),
            Map.entry(GUEST_APIC_LOG_TAIL_ADDRESS, "GuestApicLogTailAddress"),
            Map.entry(XT_GENERAL_INTERRUPT, "XtGeneralInterrupt"),
            Map.entry(XT_PPR_INTERRUPT, "XtPprInterrupt"),
            Map.entry(XT_GUEST_APIC_INTERRUPT, "XtGuestApicInterrupt"),
            Map.entry(EXTENDED_FEATURES_2, "ExtendedFeatures2"),
            Map.entry(COMMAND_HEAD, "CommandHead"),
            Map.entry(COMMAND_TAIL, "CommandTail"),
            Map.entry(EVENT_HEAD, "EventLogHead"),
            Map.entry(EVENT_TAIL, "EventLogTail"),
            Map.entry(STATUS, "Status"),
            Map.entry(PPR_HEAD, "PprLogHead"),
            Map.entry(PPR_TAIL, "PprLogTail"),
            Map.entry(GUEST_APIC_LOG_HEAD, "GuestApicLogHead"),
            Map.entry(GUEST_APIC_LOG_TAIL, "GuestApicLogTail"));

    private RegisterNames() {}

    /** Name and offset, such as {@code CommandTail[0x2008]}; an access to the upper half is {@code CommandTail+4}. */
    public static String describe(long offset) {
        long within = offset % REGISTER_BYTES;
        String name = NAMES.get((int) (offset - within));
        String where = "[" + Words.hex(offset) + "]";
        return name == null ? "register" + where : name + (within == 0 ? "" : "+" + within) + where;
    }

    /** Offset of the register of a name such as {@code CommandTail}, {@code COMMAND_TAIL} or {@code commandtail}. */
    public static OptionalInt offset(String name) {
        String wanted = plain(name);
        return NAMES.entrySet().stream()
                .filter(entry -> plain(entry.getValue()).equals(wanted))
                .mapToInt(Map.Entry::getKey)
                .findFirst();
    }

    /** Name of the register that begins at an offset, if it has one. */
    public static Optional<String> name(long offset) {
        return offset >>> Integer.SIZE == 0 ? Optional.ofNullable(NAMES.get((int) offset)) : Optional.empty();
    }

    /** All names, sorted. */
    public static SortedSet<String> all() {
        return new TreeSet<>(NAMES.values());
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
