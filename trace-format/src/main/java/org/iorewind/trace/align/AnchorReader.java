package org.iorewind.trace.align;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.align.Anchors.PageKey;
import org.iorewind.trace.align.Anchors.PointKey;
import org.iorewind.trace.align.Anchors.PointKind;
import org.iorewind.trace.align.Anchors.Span;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.ConsoleLineDecoder;
import org.iorewind.trace.sbe.DriverCallDecoder;
import org.iorewind.trace.sbe.LogEntryDecoder;
import org.iorewind.trace.sbe.LogKind;
import org.iorewind.trace.sbe.TranslationDecoder;

/** Reads a trace once and keeps what can tie its clock to another one's. */
final class AnchorReader {
    private static final int PAGE_SHIFT = 12;
    /** Of a large mapping the first pages are enough: a driver that maps gigabytes at once does it once. */
    private static final int MOST_PAGES_OF_A_MAP = 512;

    private static final long NS_PER_SECOND = 1_000_000_000L;
    /** Entry of an event log: code in bits 63:60, DeviceID in bits 15:0 of the first quadword, the address in the second. */
    private static final int ENTRY_CODE_SHIFT = 60;

    private static final long ENTRY_DEVICE = 0xFFFF;
    private static final long ENTRY_KNOWN = 0xFL << ENTRY_CODE_SHIFT | ENTRY_DEVICE;
    private static final long IO_PAGE_FAULT = 2;
    private static final Pattern GROUP_ARGUMENT = Pattern.compile("\\bgroup=(\\d{1,9})\\b");
    private static final Pattern GROUP_LINE = Pattern.compile(
            "\\b[0-9a-f]{4,8}:([0-9a-f]{2}):([01][0-9a-f])\\.([0-7]): Adding to iommu group (\\d{1,9})\\b");
    private static final Pattern CLOCK_LINE =
            Pattern.compile("\\bsetting system clock to \\S{1,40} (?:UTC )?\\((\\d{1,10})\\)");

    private final Anchors anchors = new Anchors();
    /** Spans that have not ended yet, by I/O virtual page. */
    private final Map<Long, List<Span>> open = new HashMap<>();

    private final TranslationDecoder translation = new TranslationDecoder();
    private final DriverCallDecoder call = new DriverCallDecoder();
    private final LogEntryDecoder entry = new LogEntryDecoder();
    private final ConsoleLineDecoder console = new ConsoleLineDecoder();

    private AnchorReader() {}

    static Anchors read(TraceReader trace) {
        AnchorReader reader = new AnchorReader();
        try (EventCursor cursor = trace.cursor()) {
            boolean first = true;
            while (cursor.next()) {
                EventView event = cursor.event();
                EventKind kind = event.kind();
                if (kind == null || kind == EventKind.SESSION_START) {
                    continue;
                }
                if (first) {
                    reader.anchors.firstTimeNs = event.timeNs();
                    reader.anchors.lastTimeNs = event.timeNs();
                    first = false;
                }
                reader.anchors.lastTimeNs = Math.max(reader.anchors.lastTimeNs, event.timeNs());
                reader.event(kind, event);
            }
        }
        return reader.anchors;
    }

    private void event(EventKind kind, EventView event) {
        switch (kind) {
            case TRANSLATION -> {
                translation.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                translation(event.timeNs());
            }
            case DRIVER_CALL -> {
                call.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                call(event.timeNs());
            }
            case LOG_ENTRY -> {
                entry.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                entry(event.timeNs());
            }
            case CONSOLE_LINE -> {
                console.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                console(console.text(), event.timeNs());
            }
            default -> {}
        }
    }

    private void translation(long timeNs) {
        long address = translation.address();
        switch (translation.outcome()) {
            case TRANSLATED ->
                anchors.use(new PageKey(address >>> PAGE_SHIFT, translation.result() >>> PAGE_SHIFT), timeNs);
            case FAULT -> anchors.fault(translation.requester(), address, timeNs);
            default -> {}
        }
    }

    /** An entry whose device and address are known; a device model's own log leaves the address out. */
    private void entry(long timeNs) {
        boolean isPageFault = entry.log() == LogKind.EVENT
                && (entry.qword0Known() & ENTRY_KNOWN) == ENTRY_KNOWN
                && entry.qword0() >>> ENTRY_CODE_SHIFT == IO_PAGE_FAULT;
        if (isPageFault && entry.qword1Known() != 0) {
            anchors.fault((int) (entry.qword0() & ENTRY_DEVICE), entry.qword1(), timeNs);
        }
    }

    private void call(long timeNs) {
        CallPhase phase = call.phase();
        long iova = call.iova();
        long physical = call.physical();
        long size = call.size();
        int requester = call.requester();
        // variable fields come in the schema's order
        String name = call.call();
        String arguments = call.arguments();
        if (phase == CallPhase.EXIT) {
            // what a call does has its effect between its beginning and its end: the beginning is the safe side of a
            // map
            return;
        }
        switch (name) {
            case "map" -> map(iova, physical, size, timeNs);
            case "unmap" -> unmap(iova, size, timeNs);
            case "io_page_fault" -> anchors.fault(requester, iova, timeNs);
            case "add_device_to_group" -> {
                Matcher group = GROUP_ARGUMENT.matcher(arguments);
                if (group.find()) {
                    anchors.point(new PointKey(PointKind.GROUP, requester, Long.parseLong(group.group(1))), timeNs);
                }
            }
            default -> {}
        }
    }

    private void map(long iova, long physical, long size, long timeNs) {
        long pages = pages(iova, size);
        for (long i = 0; i < pages; i++) {
            long page = (iova >>> PAGE_SHIFT) + i;
            Span span = new Span(timeNs);
            anchors.span(new PageKey(page, (physical >>> PAGE_SHIFT) + i), span);
            if (open.size() < Anchors.MOST) {
                open.computeIfAbsent(page, unused -> new ArrayList<>(1)).add(span);
            }
        }
    }

    private void unmap(long iova, long size, long timeNs) {
        long pages = pages(iova, size);
        for (long i = 0; i < pages; i++) {
            List<Span> ended = open.remove((iova >>> PAGE_SHIFT) + i);
            // the same address in several domains: nobody says which of them ends
            if (ended != null && ended.size() == 1) {
                ended.get(0).toNs = timeNs;
            }
        }
    }

    private static long pages(long iova, long size) {
        long offset = iova & (1L << PAGE_SHIFT) - 1;
        long bytes = Math.min(Math.max(size, 1), (long) MOST_PAGES_OF_A_MAP << PAGE_SHIFT);
        return Math.min(MOST_PAGES_OF_A_MAP, offset + bytes - 1 >>> PAGE_SHIFT) + 1;
    }

    private void console(String text, long timeNs) {
        Matcher group = GROUP_LINE.matcher(text);
        if (group.find()) {
            int bus = Integer.parseInt(group.group(1), 16);
            int device = Integer.parseInt(group.group(2), 16);
            int function = Integer.parseInt(group.group(3));
            int requester = bus << 8 | device << 3 | function;
            anchors.point(new PointKey(PointKind.GROUP, requester, Long.parseLong(group.group(4))), timeNs);
            return;
        }
        Matcher clock = CLOCK_LINE.matcher(text);
        if (clock.find() && anchors.toldAtNs == Anchors.NEVER) {
            anchors.toldAtNs = timeNs;
            anchors.toldUnixNs = Long.parseLong(clock.group(1)) * NS_PER_SECOND;
        }
    }
}
