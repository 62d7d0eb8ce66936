package org.iorewind.samples.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.log.PageRequestDescriptor;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.trace.EventView;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.sbe.LogEntryDecoder;
import org.iorewind.trace.sbe.LogKind;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;

/** Lines of golden files: log entries taken apart as the reference lays them out, other events field by field. */
final class GoldenLines {
    private static final int IO_PAGE_FAULT = 2;
    private static final int PAGE_TAB_HARDWARE_ERROR = 4;
    private static final int ILLEGAL_COMMAND_ERROR = 5;
    private static final int COMMAND_HARDWARE_ERROR = 6;
    private static final int INVALID_PPR_REQUEST = 9;
    private static final int EVENT_COUNTER_ZERO = 0xA;
    private static final int GUEST_EVENT_FAULT = 0xB;
    private static final int VIOMMU_HARDWARE_ERROR = 0xC;
    private static final int RMP_PAGE_FAULT = 0xD;
    private static final int RMP_HARDWARE_ERROR = 0xE;
    private static final int SOURCE_SHIFT = 16;
    private static final int SOURCE_MASK = 3;
    /** Fields that say nothing of what happened: those of the origin, what of an entry is known, and where the ring stands. */
    private static final Set<String> LEFT_OUT = Set.of(
            "timeNs",
            "source",
            "iommu",
            "guest",
            "flags",
            "qword0Known",
            "qword1Known",
            "irteKnown",
            "ringTail",
            "ringBase");

    /** How a field says that it has no value; that of a device is the last DeviceID. */
    private static final Set<String> NOTHING = Set.of("", "0", "0x0", "ff:1f.7", "4294967295");

    private final EventTable table = EventTable.standard();
    private final LogEntryDecoder entry = new LogEntryDecoder();

    /** The beginning of an event's line: its place, its IOMMU, and the guest if it is one's. */
    private static String place(EventView event) {
        return "#" + event.sequence() + " IOMMU " + event.iommu()
                + (event.guest() == EventWriter.NO_GUEST ? "" : " guest " + event.guest()) + " ";
    }

    /** An entry of a log (reference 4.1 to 4.3, 5.1; of hardware vIOMMU 6.4 and 6.5). */
    String log(EventView event) {
        entry.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        String what =
                entry.log() == LogKind.EVENT ? event(entry.qword0()) : request(entry.log() + " entry", entry.qword0());
        return place(event) + what + virtualFlags(entry) + " " + hex(entry.qword1());
    }

    private static String event(long qword0) {
        String name = RingEntryNames.event(qword0, -1L);
        String flags = " flags " + hex(EventDescriptor.flags(qword0));
        int code = EventDescriptor.code(qword0);
        boolean isGuests = code == ILLEGAL_COMMAND_ERROR && (qword0 & EventDescriptor.VIRTUAL_MASK) != 0;
        if (code == INVALID_PPR_REQUEST) {
            return request(name, qword0);
        } else if (code == GUEST_EVENT_FAULT) {
            return name + " of guest " + EventDescriptor.tag(qword0) + flags;
        } else if (code == VIOMMU_HARDWARE_ERROR) {
            return name + " of guest " + EventDescriptor.requester(qword0) + " source "
                    + (qword0 >>> SOURCE_SHIFT & SOURCE_MASK) + flags;
        } else if (isGuests) {
            return name + " of guest " + EventDescriptor.requester(qword0) + flags;
        }
        boolean hasDevice =
                code != ILLEGAL_COMMAND_ERROR && code != COMMAND_HARDWARE_ERROR && code != EVENT_COUNTER_ZERO;
        return name + (hasDevice ? " " + EventTable.bdf(EventDescriptor.requester(qword0)) : "") + flags + tag(qword0);
    }

    /** Only events 2 and 4 have a DomainID, the last two the tag of a machine; where nothing should be, nothing is shown. */
    private static String tag(long qword0) {
        String tag = " " + hex(EventDescriptor.tag(qword0));
        boolean isGuests = (EventDescriptor.flags(qword0) & EventDescriptor.FLAG_GN) != 0;
        return switch (EventDescriptor.code(qword0)) {
            case IO_PAGE_FAULT, PAGE_TAB_HARDWARE_ERROR -> (isGuests ? " PASID" : " domain") + tag;
            case RMP_PAGE_FAULT, RMP_HARDWARE_ERROR -> " tag" + tag;
            default -> isGuests ? " PASID" + tag : EventDescriptor.tag(qword0) == 0 ? "" : " reserved" + tag;
        };
    }

    private static String request(String name, long qword0) {
        int pasid = PageRequestDescriptor.pasid(qword0);
        return name + " " + EventTable.bdf(PageRequestDescriptor.requester(qword0)) + " flags "
                + hex(EventDescriptor.flags(qword0)) + (pasid == EffectSink.NO_PASID ? "" : " PASID " + hex(pasid))
                + " group " + PageRequestDescriptor.group(qword0)
                + (PageRequestDescriptor.isLast(qword0) ? " last" : "");
    }

    private static String virtualFlags(LogEntryDecoder entry) {
        boolean hasFlags = entry.log() == LogKind.EVENT && EventDescriptor.code(entry.qword0()) != INVALID_PPR_REQUEST;
        int flags = hasFlags ? (int) entry.qword0() : 0;
        return ((flags & EventDescriptor.FLAG_V_CMD) != 0 ? " vCmd" : "")
                + ((flags & EventDescriptor.FLAG_V_PPR) != 0 ? " vPpr" : "")
                + ((flags & EventDescriptor.FLAG_V_EVENT) != 0 ? " vEvent" : "")
                + ((flags & EventDescriptor.FLAG_VNR) != 0 ? " VNR" : "");
    }

    /** Any event: its kind, and each of its fields that is not zero. */
    String event(EventView event) {
        List<String> words = new ArrayList<>();
        for (EventField field : table.type(Objects.requireNonNull(event.kind())).fields()) {
            String text = table.text(event, field);
            if (!LEFT_OUT.contains(field.name()) && !NOTHING.contains(text)) {
                words.add(field.name() + " " + text + (field.name().equals("qword0") ? command(event, field) : ""));
            }
        }
        return place(event) + Objects.requireNonNull(event.kind()).label() + " " + String.join(" ", words);
    }

    private String command(EventView event, EventField qword0) {
        String name = RingEntryNames.command(CommandDescriptor.opcode(table.rawValue(event, qword0)));
        return name.isEmpty() ? "" : " (" + name + ")";
    }

    private static String hex(long value) {
        return String.format(Locale.ROOT, "0x%x", value);
    }
}
