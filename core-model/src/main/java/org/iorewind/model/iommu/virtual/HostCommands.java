package org.iorewind.model.iommu.virtual;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.iommu.command.GuestCommands;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.log.GuestEventDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.StatusDescriptor;

/**
 * INSERT_GUEST_EVENT and RESET_VMMIO (amd-viommu reference 6.2, 6.3). RESET_VMMIO leaves the ID maps and the map-control
 * registers alone, with all or without; what is cached of the maps goes (MC-V26). A guest is known when any register of its image
 * is not 0. Not thread-safe; allocates nothing.
 */
final class HostCommands implements GuestCommands {
    private static final long PPR_STATUS = StatusDescriptor.PPR_OVERFLOW
            | StatusDescriptor.PPR_INT
            | StatusDescriptor.PPR_LOG_RUN
            | StatusDescriptor.PPR_OVERFLOW_B
            | StatusDescriptor.PPR_LOG_ACTIVE
            | StatusDescriptor.PPR_OVERFLOW_EARLY
            | StatusDescriptor.PPR_OVERFLOW_EARLY_B;
    private static final long EVENT_STATUS = StatusDescriptor.EVENT_OVERFLOW
            | StatusDescriptor.EVENT_LOG_INT
            | StatusDescriptor.EVENT_LOG_RUN
            | StatusDescriptor.EVENT_OVERFLOW_B
            | StatusDescriptor.EVENT_LOG_ACTIVE;
    private static final int SMALLEST_CODE = EventDescriptor.ILLEGAL_DEV_TABLE_ENTRY;
    private static final int LARGEST_CODE = EventDescriptor.INVALID_PPR_REQUEST;

    private final PrivateSpace space;
    private final EffectSink effects;
    private final EventReports events;
    private final GuestImages images;
    private final IdMaps maps;
    private final GuestLogs logs;
    private final GuestRings rings;

    HostCommands(
            PrivateSpace space,
            EffectSink effects,
            EventReports events,
            GuestImages images,
            IdMaps maps,
            GuestLogs logs,
            GuestRings rings) {
        this.space = space;
        this.effects = effects;
        this.events = events;
        this.images = images;
        this.maps = maps;
        this.logs = logs;
        this.rings = rings;
    }

    /** A command that is wrong leaves GUEST_EVENT_FAULT with all its reasons, and the host's ring goes on. */
    @Override
    public void insertEvent(long at, long q0, long q1, long event0, long event1) {
        int guest = CommandDescriptor.insertedGuest(q0);
        GuestImage image = space.isOn() ? images.find(guest) : null;
        int opcode = CommandDescriptor.INSERT_GUEST_EVENT;
        long reserved = q0 & CommandDescriptor.reserved0(opcode) | q1;
        int code = EventDescriptor.code(event0);
        int flags = reserved != 0 ? GuestEventDescriptor.RESERVED_BIT : 0;
        if (image == null || image.isIdle()) {
            flags |= GuestEventDescriptor.BAD_GUEST;
        } else if (!logs.isEnabled(image)) {
            flags |= GuestEventDescriptor.LOG_OFF;
        }
        if (code < SMALLEST_CODE || code > LARGEST_CODE) {
            flags |= GuestEventDescriptor.BAD_CODE;
        }
        if (image == null || flags != 0) {
            events.guestEventFault(guest, flags, at);
        } else {
            logs.append(image, event0, event1);
        }
    }

    @Override
    public void reset(long q0) {
        int guest = CommandDescriptor.resetGuest(q0);
        boolean isWhole = (q0 & CommandDescriptor.RESET_ALL) != 0;
        maps.forgetCached(guest);
        GuestImage image = images.find(guest);
        if (image != null) {
            resetImage(image, q0, isWhole);
        }
        effects.guestReset(guest, isWhole);
    }

    private void resetImage(GuestImage image, long q0, boolean isWhole) {
        if ((q0 & CommandDescriptor.RESET_COMMANDS) != 0) {
            image.clear(StatusDescriptor.CMD_BUF_RUN | StatusDescriptor.COM_WAIT_INT);
            resetPair(image, RegisterDescriptor.COMMAND_HEAD);
        }
        if ((q0 & CommandDescriptor.RESET_PPR) != 0) {
            image.clear(PPR_STATUS);
            resetPair(image, RegisterDescriptor.PPR_HEAD);
            resetPair(image, RegisterDescriptor.PPR_HEAD_B);
        }
        if ((q0 & CommandDescriptor.RESET_EVENTS) != 0) {
            image.clear(EVENT_STATUS);
            resetPair(image, RegisterDescriptor.EVENT_HEAD);
            resetPair(image, RegisterDescriptor.EVENT_HEAD_B);
        }
        if (isWhole) {
            image.clearAll();
        }
        rings.settleAfterReset(image);
        if (image.isIdle()) {
            images.remove(image.guest());
        }
    }

    /** A head and the tail behind it. */
    private static void resetPair(GuestImage image, int head) {
        image.setPage(GuestPageDescriptor.offset(head), 0);
        image.setPage(GuestPageDescriptor.offset(head) + Long.BYTES, 0);
    }
}
