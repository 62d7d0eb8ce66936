package org.iorewind.analyze.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.agrona.collections.LongArrayList;
import org.iorewind.analyze.protocol.ProtocolAnalyzer;
import org.iorewind.analyze.protocol.UnmapFollower;
import org.iorewind.analyze.rule.RulePass;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.replay.Fault;
import org.iorewind.replay.Machine;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.TranslationDecoder;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.iorewind.trace.schema.EventTable;

/**
 * Writes a replay as a trace for Perfetto's viewer.
 *
 * <pre>
 *     session                     phases, driver calls, console lines, marks, gaps
 *     IOMMU 0
 *       command ring              a mark for each command     ◀── flow: invalidation, wait
 *       waits                     doorbell to the store of a COMPLETION_WAIT
 *       event log                 a mark for each entry
 *       device 00:03.0            a mark for each request
 *       domain 0x5                a mark for each map, unmap  ◀── flow: unmap, next map of the address
 *       (counters)                commands in the ring, bytes mapped, requests refused, cache misses
 * </pre>
 *
 * <p>Streams: memory is that of the rules. Time never goes back: where the recording's does, it stands still. One replay,
 * one thread.
 */
public final class PerfettoExport implements ReplayListener, UnmapFollower {
    private static final long ROOT = 1L << 56;
    private static final long RING = 2L << 56;
    private static final long WAITS = 3L << 56;
    private static final long LOG = 4L << 56;
    private static final long DEVICE = 5L << 56;
    private static final long DOMAIN = 6L << 56;
    private static final long COUNTERS = 7L << 56;
    private static final long SESSION = 8L << 56;
    private static final int IOMMU_SHIFT = 40;
    private static final int MOST_FLOWS = 1_000;
    private static final int IN_RING = 1;
    private static final int MAPPED = 2;
    private static final int REFUSED = 3;
    private static final int MISSES = 4;
    private static final long ENTRY_BYTES = 16;
    private static final long DOMAIN_UNKNOWN = 0xFFFF_FFFFL;

    private final PerfettoTracks tracks;
    private final PerfettoMarkers markers;
    private final TranslationDecoder translation = new TranslationDecoder();
    private final LongArrayList told = new LongArrayList();
    private final WaitedMappings waited = new WaitedMappings();
    private long sequence;
    private int iommu;
    private long doorbellNs;
    private long lastDoorbell = -1;
    private long mappedBytes;
    private long refused;
    private long misses;
    private boolean isFull;
    private boolean areTranslationsObserved;

    private PerfettoExport(OutputStream out) {
        tracks = new PerfettoTracks(out);
        markers = new PerfettoMarkers(tracks, SESSION);
    }

    /**
     * Replays a trace and writes what happens.
     *
     * @param out takes the file; is flushed, not closed
     * @throws IOException from {@code out}
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static void write(TraceReader trace, ReplayOptions options, OutputStream out) throws IOException {
        PerfettoExport export = new PerfettoExport(out);
        // The rules come first: what they say of a command stands at the command's mark.
        RulePass pass = new RulePass(List.of(new ProtocolAnalyzer(export)));
        ReplayListener[] rules = pass.listeners();
        ReplayListener[] all = Arrays.copyOf(rules, rules.length + 1);
        all[rules.length] = export;
        try {
            Replay.run(trace, options, all);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        out.flush();
    }

    private long track(long kind, int number, long id, String name, int unit) {
        long iommuId = (long) number << IOMMU_SHIFT;
        long root = tracks.track(ROOT | iommuId, 0, "IOMMU " + number, 0);
        return tracks.track(kind | iommuId | id, root, name, unit);
    }

    private long device(int requester) {
        return track(DEVICE, iommu, requester & 0xFFFF, "device " + EventTable.bdf(requester & 0xFFFF), 0);
    }

    private long domain(int number, int id) {
        return track(DOMAIN, number, id & 0xFFFF_FFFFL, id < 0 ? "domain unknown" : "domain " + Notation.hex(id), 0);
    }

    private long counter(int which, String name, int unit) {
        return track(COUNTERS, iommu, which, name, unit);
    }

    @Override
    public void start(Machine machine) {
        SessionInfo session = machine.session();
        isFull = session.fidelity() == Fidelity.FULL;
        areTranslationsObserved = (session.observes() & SessionInfo.observesBit(EventKind.TRANSLATION)) != 0;
    }

    @Override
    public void before(EventView event, Machine machine) {
        sequence = event.sequence();
        iommu = event.iommu();
        tracks.at(event.timeNs());
        // Rules tell of a store after it is handled, and before this export hears of that.
        told.clear();
    }

    @Override
    public void after(EventView event, Machine machine) {
        EventKind kind = event.kind();
        if (kind == null) {
            return;
        }
        switch (kind) {
            case TRANSLATION -> observed(event);
            case COMPLETION_STORE -> completed();
            case COMMAND_CONSUMED -> {
                if (!isFull) {
                    markers.consumed(event, track(RING, iommu, 0, "command ring", 0));
                }
            }
            case LOG_ENTRY -> {
                if (!isFull) {
                    markers.logged(event, track(LOG, iommu, 0, "event log", 0));
                }
            }
            default -> markers.marker(event, kind);
        }
    }

    private void observed(EventView event) {
        translation.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        boolean isTranslated = translation.outcome() == TranslationOutcome.TRANSLATED;
        long domain = translation.domain();
        request(
                translation.requester(),
                translation.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                translation.address(),
                isTranslated ? translation.result() : 0,
                domain == DOMAIN_UNKNOWN ? -1 : (int) domain);
    }

    private void request(int requester, String what, long address, long result, int domain) {
        tracks.event(PerfettoDescriptor.INSTANT, device(requester), "request", what + " " + Notation.hex(address));
        tracks.number("sequence", sequence).address("address", address);
        if (result != 0) {
            tracks.address("result", result);
        }
        if (domain >= 0) {
            tracks.number("domain", domain);
        }
        tracks.done();
    }

    @Override
    public void translation(
            int requester,
            int pasid,
            long address,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int rights,
            boolean cacheHit) {
        if (decision == TranslationDecision.TRANSLATED && !cacheHit) {
            tracks.counter(counter(MISSES, "IOTLB misses", PerfettoDescriptor.UNIT_COUNT), ++misses);
        }
        if (!areTranslationsObserved) {
            String what = decision.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            request(requester, what, address, result, domain);
        }
    }

    @Override
    public void fault(Fault fault, Machine machine) {
        tracks.event(PerfettoDescriptor.INSTANT, device(fault.requester()), "fault", "refused: " + fault.cause());
        tracks.number("sequence", fault.sequence())
                .address("address", fault.address())
                .done();
        tracks.counter(counter(REFUSED, "requests refused", PerfettoDescriptor.UNIT_COUNT), ++refused);
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        if (lastDoorbell != sequence) {
            lastDoorbell = sequence;
            doorbellNs = tracks.timeNs();
            if (ringTail >= ringHead) {
                tracks.counter(
                        counter(IN_RING, "commands in the ring", PerfettoDescriptor.UNIT_COUNT),
                        (ringTail - ringHead) / ENTRY_BYTES);
            }
        }
        command(track(RING, iommu, 0, "command ring", 0), qword0, qword1);
    }

    @Override
    public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
        long id = 1L + (guest & 0xFFFF);
        command(track(RING, iommu, id, "command ring of guest " + guest, 0), qword0, qword1);
    }

    private void command(long track, long qword0, long qword1) {
        tracks.event(PerfettoDescriptor.INSTANT, track, "command", RingEntryNames.command(qword0, -1L));
        tracks.number("sequence", sequence).address("qword0", qword0).address("qword1", qword1);
        if (CommandDescriptor.opcode(qword0) == CommandDescriptor.INVALIDATE_IOMMU_PAGES) {
            tracks.number("domain", CommandDescriptor.domain(qword0));
        }
        for (int i = 0; i < told.size(); i++) {
            tracks.flow(told.getLong(i), false);
        }
        tracks.done();
        told.clear();
    }

    /** The recorded system stored what a COMPLETION_WAIT asked for. */
    private void completed() {
        long track = track(WAITS, iommu, 0, "waits", 0);
        tracks.event(PerfettoDescriptor.SLICE_BEGIN, track, "wait", "COMPLETION_WAIT", doorbellNs);
        tracks.number("sequence", sequence).done();
        tracks.event(PerfettoDescriptor.SLICE_END, track, "", "").done();
        doorbellNs = tracks.timeNs();
    }

    @Override
    public void logEntry(LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        if (isFull) {
            String name = log == LogKind.EVENT ? RingEntryNames.event(qword0, -1L) : log.name() + " entry";
            tracks.event(PerfettoDescriptor.INSTANT, track(LOG, iommu, 0, "event log", 0), "log", name);
            tracks.number("sequence", sequence).address("qword0", qword0).address("qword1", qword1);
            tracks.text("written", written ? "yes" : "no").done();
        }
    }

    @Override
    public void mapped(Mapping mapping) {
        long flow = waited.take(mapping);
        change("map ", mapping, flow, true);
        count(mapping.bytes());
    }

    @Override
    public void unmapped(long id, Mapping mapping) {
        change("unmap ", mapping, id, false);
        count(-mapping.bytes());
    }

    private void change(String what, Mapping mapping, long flow, boolean isLast) {
        long track = domain(mapping.iommu(), mapping.domain());
        tracks.event(PerfettoDescriptor.INSTANT, track, "mapping", what + Notation.hex(mapping.address()));
        tracks.number("sequence", sequence)
                .address("address", mapping.address())
                .number("bytes", mapping.bytes());
        if (flow > 0) {
            tracks.flow(flow, isLast);
        }
        tracks.done();
    }

    private void count(long bytes) {
        mappedBytes = Math.max(0, mappedBytes + bytes);
        tracks.counter(counter(MAPPED, "bytes mapped", PerfettoDescriptor.UNIT_BYTES), mappedBytes);
    }

    @Override
    public void invalidated(long id) {
        if (told.size() < MOST_FLOWS) {
            told.addLong(id);
        }
    }

    @Override
    public void waited(long id, Mapping mapping) {
        invalidated(id);
        waited.put(id, mapping);
    }
}
