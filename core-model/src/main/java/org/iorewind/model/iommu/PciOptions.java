package org.iorewind.model.iommu;

/**
 * What the IOMMU's PCI function says of itself (reference 1.1, 1.2). Immutable; safe for any thread.
 *
 * @param vendor vendor id, 16 bits
 * @param device device id, 16 bits
 * @param revision revision id, 8 bits
 * @param capabilityRevision CapRev, 5 bits
 * @param isHtTunnel HtTunnel
 * @param isHtAtsReserved HtAtsResv
 * @param message MsiNum: message of the event log and COMPLETION_WAIT, 0 to 31
 * @param messagePpr MsiNumPPR: message of the PPR log, 0 to 31
 * @param messageGuestApic MsiNumGA: message of the guest APIC log, 0 to 31
 * @param virtualBits VAsize in bits, 0 to 127
 * @param physicalBits PAsize in bits, 0 to 127
 * @param guestCode GVAsize, 0 to 7; 2 stands for 48 bits
 */
public record PciOptions(
        int vendor,
        int device,
        int revision,
        int capabilityRevision,
        boolean isHtTunnel,
        boolean isHtAtsReserved,
        int message,
        int messagePpr,
        int messageGuestApic,
        int virtualBits,
        int physicalBits,
        int guestCode) {
    private static final PciOptions SPECIFIED = new PciOptions(0x1022, 0x1451, 0, 1, false, false, 0, 1, 2, 64, 52, 2);

    /** What QEMU shows (reference 12.1). */
    private static final PciOptions QEMU = new PciOptions(0x1022, 0x1419, 0, 0, true, false, 0, 0, 0, 48, 40, 2);

    /**
     * Checks that each value fits its field.
     *
     * @throws IllegalArgumentException otherwise
     */
    public PciOptions {
        requireAtMost("vendor", vendor, 0xFFFF);
        requireAtMost("device", device, 0xFFFF);
        requireAtMost("revision", revision, 0xFF);
        requireAtMost("capabilityRevision", capabilityRevision, 0x1F);
        requireAtMost("message", message, 0x1F);
        requireAtMost("messagePpr", messagePpr, 0x1F);
        requireAtMost("messageGuestApic", messageGuestApic, 0x1F);
        requireAtMost("virtualBits", virtualBits, 0x7F);
        requireAtMost("physicalBits", physicalBits, 0x7F);
        requireAtMost("guestCode", guestCode, 7);
    }

    /** The function of a profile as it comes. */
    public static PciOptions of(Profile profile) {
        return profile == Profile.SPEC ? SPECIFIED : QEMU;
    }

    /** The same with other ids. */
    public PciOptions withIds(int newVendor, int newDevice, int newRevision) {
        return new PciOptions(
                newVendor,
                newDevice,
                newRevision,
                capabilityRevision,
                isHtTunnel,
                isHtAtsReserved,
                message,
                messagePpr,
                messageGuestApic,
                virtualBits,
                physicalBits,
                guestCode);
    }

    /** The same with other message numbers. */
    public PciOptions withMessages(int general, int ppr, int guestApic) {
        return new PciOptions(
                vendor,
                device,
                revision,
                capabilityRevision,
                isHtTunnel,
                isHtAtsReserved,
                general,
                ppr,
                guestApic,
                virtualBits,
                physicalBits,
                guestCode);
    }

    /** The same with other address sizes: bits of virtual and physical addresses, and the code of GVAsize. */
    public PciOptions withSizes(int newVirtualBits, int newPhysicalBits, int newGuestCode) {
        return new PciOptions(
                vendor,
                device,
                revision,
                capabilityRevision,
                isHtTunnel,
                isHtAtsReserved,
                message,
                messagePpr,
                messageGuestApic,
                newVirtualBits,
                newPhysicalBits,
                newGuestCode);
    }

    /** The same with another HtAtsResv. */
    public PciOptions withHtAtsReserved(boolean value) {
        return new PciOptions(
                vendor,
                device,
                revision,
                capabilityRevision,
                isHtTunnel,
                value,
                message,
                messagePpr,
                messageGuestApic,
                virtualBits,
                physicalBits,
                guestCode);
    }

    /** The largest of the message numbers. */
    public int largestMessage() {
        return Math.max(message, Math.max(messagePpr, messageGuestApic));
    }

    private static void requireAtMost(String name, int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException("expected " + name + " from 0 to " + most + ", found " + value);
        }
    }
}
