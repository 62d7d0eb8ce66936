package org.iorewind.replay.predicate;

import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.interrupt.InterruptEntryDescriptor;
import org.iorewind.model.iommu.interrupt.PostedEntryDescriptor;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.replay.Machine;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a device's interrupt table, as memory has it at a moment (reference 8.3 to 8.6). What is not known of it is 0.
 *
 * @param address of its first byte, as the machine has it
 * @param isRecorded whether memory there is known
 * @param bytes 4, or 16 with GAEn=1
 * @param low all of a short entry, or the low half
 * @param high the high half; 0 of a short entry
 */
record InterruptEntry(long address, boolean isRecorded, int bytes, long low, long high) {
    /** Largest index that a message can have. */
    static final int MOST_INDEX = InterruptEntryDescriptor.INDEX_MASK;

    /** The entry, or null if the device has no table, or one that is not that long. */
    static @Nullable InterruptEntry of(Machine machine, int number, int requester, int index) {
        if (!machine.hasIommu(number)) {
            return null;
        }
        Iommu iommu = machine.iommu(number);
        DeviceEntry entry = iommu.deviceEntry(requester);
        if (entry == null
                || !entry.isInterruptValid()
                || !iommu.options().quirks().interrupts().hasIndex(index, entry.interruptLengthCode())) {
            return null;
        }
        boolean isLong = (iommu.register(RegisterDescriptor.CONTROL) & ControlDescriptor.GA_EN) != 0;
        int bytes = isLong ? InterruptEntryDescriptor.LONG_BYTES : InterruptEntryDescriptor.SHORT_BYTES;
        long address = machine.systemAddress(number, entry.interruptRoot() + (long) index * bytes);
        long first = machine.memory().peek(address & -Long.BYTES);
        boolean isRecorded = machine.memory().isRecorded(address & -Long.BYTES);
        return isLong
                ? new InterruptEntry(
                        address,
                        isRecorded && machine.memory().isRecorded(address + Long.BYTES),
                        bytes,
                        first,
                        machine.memory().peek(address + Long.BYTES))
                : new InterruptEntry(
                        address, isRecorded, bytes, first >>> (address & Integer.BYTES) * Byte.SIZE & 0xFFFF_FFFFL, 0);
    }

    boolean isLong() {
        return bytes == InterruptEntryDescriptor.LONG_BYTES;
    }

    /** GuestMode: the interrupt is posted to a guest's virtual APIC. */
    boolean isPosted() {
        return isLong() && (low & InterruptEntryDescriptor.GUEST_MODE) != 0;
    }

    int vector() {
        return isLong() ? InterruptEntryDescriptor.longVector(high) : InterruptEntryDescriptor.shortVector(low);
    }

    int destination() {
        return isLong()
                ? InterruptEntryDescriptor.longDestination(low, high)
                : InterruptEntryDescriptor.shortDestination(low);
    }

    /** IntType; bits 4:2 mean something else in an entry that posts. */
    int type() {
        return isPosted() ? 0 : InterruptEntryDescriptor.type(low);
    }

    /** DM; the bit is IsRun in an entry that posts. */
    boolean isLogical() {
        return !isPosted() && (low & InterruptEntryDescriptor.DESTINATION_MODE) != 0;
    }

    /** RqEoi; the bit is reserved in an entry that posts. */
    boolean isEoiRequested() {
        return !isPosted() && (low & InterruptEntryDescriptor.REQUEST_EOI) != 0;
    }

    /** IsRun of an entry that posts. */
    boolean isGuestRunning() {
        return isPosted() && (low & PostedEntryDescriptor.IS_RUN) != 0;
    }

    /** GATag of an entry that posts. */
    long tag() {
        return isPosted() ? Integer.toUnsignedLong(PostedEntryDescriptor.tag(low)) : 0;
    }
}
