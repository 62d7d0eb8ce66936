package org.iorewind.trace.align;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one trace tells that another may tell too. Times are the trace's own, in ns. Bounded; the order is that of the events. */
final class Anchors {
    /** End of a span that did not end, or of which it is not known when. */
    static final long NEVER = Long.MAX_VALUE;
    /** Most spans, uses and points each. */
    static final int MOST = 2_000_000;

    /**
     * A page as a driver maps it and a device uses it.
     *
     * @param iovaPage I/O virtual address, without the offset in its 4 KiB
     * @param physicalPage physical address, likewise
     */
    record PageKey(long iovaPage, long physicalPage) {}

    /** Time in which a page is mapped. */
    static final class Span {
        final long fromNs;
        long toNs = NEVER;

        Span(long fromNs) {
            this.fromNs = fromNs;
        }
    }

    /** What a point is about. */
    enum PointKind {
        /** A refused request: requester and address. */
        FAULT,
        /**
         * A refused request of a device, wherever: used only where no fault can be told by its address, since QEMU gives its
         * guests entries without one.
         */
        FAULT_OF_DEVICE,
        /** A device that joins a group: requester and group. */
        GROUP
    }

    /**
     * What both sides must agree in.
     *
     * @param kind what happened
     * @param requester of the device
     * @param number address or group
     */
    record PointKey(PointKind kind, int requester, long number) {}

    final Map<PageKey, List<Span>> spans = new LinkedHashMap<>();
    final Map<PageKey, List<Long>> uses = new LinkedHashMap<>();
    final Map<PointKey, List<Long>> points = new LinkedHashMap<>();
    /** Time of the first event. */
    long firstTimeNs;
    /** Latest time of an event. */
    long lastTimeNs;
    /** When a console line told the time of day; {@link #NEVER} if none did. */
    long toldAtNs = NEVER;
    /** The whole second that it told, ns since 1970. */
    long toldUnixNs;

    private int spanCount;
    private int useCount;
    private int pointCount;

    void span(PageKey key, Span span) {
        if (spanCount < MOST) {
            spanCount++;
            spans.computeIfAbsent(key, unused -> new ArrayList<>()).add(span);
        }
    }

    void use(PageKey key, long timeNs) {
        if (useCount < MOST) {
            useCount++;
            uses.computeIfAbsent(key, unused -> new ArrayList<>()).add(timeNs);
        }
    }

    void fault(int requester, long address, long timeNs) {
        point(new PointKey(PointKind.FAULT, requester, address), timeNs);
        point(new PointKey(PointKind.FAULT_OF_DEVICE, requester, 0), timeNs);
    }

    void point(PointKey key, long timeNs) {
        if (pointCount < MOST) {
            pointCount++;
            points.computeIfAbsent(key, unused -> new ArrayList<>()).add(timeNs);
        }
    }
}
