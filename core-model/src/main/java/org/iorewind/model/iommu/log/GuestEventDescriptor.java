package org.iorewind.model.iommu.log;

/**
 * Event log entries of hardware vIOMMU (amd-viommu reference 6.5). Of GUEST_EVENT_FAULT only the place of the GuestID is
 * known, of VIOMMU_HARDWARE_ERROR not the codes of Source (MC-V10).
 *
 * <pre>
 *   GUEST_EVENT_FAULT      q0  63:60 Bh  51 bad code  50 bad GuestID  49 log off  48 reserved bit  47:32 GuestID  31:27 virtual
 *                          q1  system physical address of the command
 *   VIOMMU_HARDWARE_ERROR  q0  63:60 Ch  58:57 Type  56 TR  53 RW  31:27 virtual  17:16 Source  15:0 GuestID
 *                          q1  private or guest physical address
 * </pre>
 */
public final class GuestEventDescriptor {
    /** GUEST_EVENT_FAULT: a reserved bit of the command is set. */
    public static final int RESERVED_BIT = 1;
    /** GUEST_EVENT_FAULT: the guest's event log is off. */
    public static final int LOG_OFF = 2;
    /** GUEST_EVENT_FAULT: no such guest. */
    public static final int BAD_GUEST = 4;
    /** GUEST_EVENT_FAULT: the code of the event is not one of 1 to 9. */
    public static final int BAD_CODE = 8;

    /** VIOMMU_HARDWARE_ERROR: registers, ID maps, dirty status. */
    public static final int SOURCE_REGISTERS = 0;
    /** VIOMMU_HARDWARE_ERROR: command ring. */
    public static final int SOURCE_COMMAND = 1;
    /** VIOMMU_HARDWARE_ERROR: event log. */
    public static final int SOURCE_EVENT = 2;
    /** VIOMMU_HARDWARE_ERROR: PPR log. */
    public static final int SOURCE_PPR = 3;

    private static final int SOURCE_SHIFT = 16;

    private GuestEventDescriptor() {}

    /** First half of GUEST_EVENT_FAULT. */
    public static long fault(int guest, int flags) {
        return EventDescriptor.quadword0(EventDescriptor.GUEST_EVENT_FAULT, flags, guest, 0);
    }

    /** First half of VIOMMU_HARDWARE_ERROR. */
    public static long hardwareError(int guest, int source, int flags) {
        return EventDescriptor.quadword0(EventDescriptor.VIOMMU_HARDWARE_ERROR, flags, 0, guest)
                | (long) source << SOURCE_SHIFT;
    }
}
