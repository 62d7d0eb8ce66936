package org.iorewind.analyze.export;

import org.iorewind.analyze.text.Notation;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.CommandConsumedDecoder;
import org.iorewind.trace.sbe.ConsoleLineDecoder;
import org.iorewind.trace.sbe.DriverCallDecoder;
import org.iorewind.trace.sbe.GapDecoder;
import org.iorewind.trace.sbe.LogEntryDecoder;
import org.iorewind.trace.sbe.MarkDecoder;
import org.iorewind.trace.sbe.PhaseDecoder;

/** Events that explain, and those that a recording without memory tells instead of the model. One thread. */
final class PerfettoMarkers {
    private static final int MOST_OPEN = 64;

    private final PerfettoTracks tracks;
    private final long session;
    private final DriverCallDecoder call = new DriverCallDecoder();
    private final PhaseDecoder phase = new PhaseDecoder();
    private final ConsoleLineDecoder console = new ConsoleLineDecoder();
    private final MarkDecoder mark = new MarkDecoder();
    private final GapDecoder gap = new GapDecoder();
    private final CommandConsumedDecoder command = new CommandConsumedDecoder();
    private final LogEntryDecoder log = new LogEntryDecoder();
    private int openCalls;
    private int openPhases;

    PerfettoMarkers(PerfettoTracks tracks, long session) {
        this.tracks = tracks;
        this.session = session;
    }

    private long track(int id, String name) {
        return tracks.track(session | id, tracks.track(session, 0, "session", 0), name, 0);
    }

    void marker(EventView event, EventKind kind) {
        switch (kind) {
            case DRIVER_CALL -> call(event);
            case PHASE -> phase(event);
            case CONSOLE_LINE -> {
                console.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                instant(event, track(1, "console"), "console", console.text());
            }
            case MARK -> {
                mark.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                instant(event, track(2, "marks"), "mark", mark.text());
            }
            case GAP -> {
                gap.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                instant(event, track(3, "gaps"), "gap", "events are missing: " + gap.reason());
            }
            default -> {}
        }
    }

    private void instant(EventView event, long track, String category, String name) {
        tracks.event(PerfettoDescriptor.INSTANT, track, category, name);
        tracks.number("sequence", event.sequence()).done();
    }

    private void call(EventView event) {
        call.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        long track = track(4, "driver calls");
        CallPhase its = call.phase();
        if (its == CallPhase.EXIT) {
            // The end of a call that began before the recording has nothing to end.
            if (openCalls > 0) {
                openCalls--;
                tracks.event(PerfettoDescriptor.SLICE_END, track, "", "").done();
            }
            return;
        }
        boolean isOpen = its == CallPhase.ENTER && openCalls < MOST_OPEN;
        openCalls += isOpen ? 1 : 0;
        long iova = call.iova();
        long size = call.size();
        tracks.event(isOpen ? PerfettoDescriptor.SLICE_BEGIN : PerfettoDescriptor.INSTANT, track, "call", call.call());
        tracks.number("sequence", event.sequence());
        tracks.text("iova", Notation.hex(iova)).number("size", size).done();
    }

    private void phase(EventView event) {
        phase.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        long track = track(5, "phases");
        if (phase.phase() == CallPhase.EXIT) {
            if (openPhases > 0) {
                openPhases--;
                tracks.event(PerfettoDescriptor.SLICE_END, track, "", "").done();
            }
            return;
        }
        boolean isOpen = phase.phase() == CallPhase.ENTER && openPhases < MOST_OPEN;
        openPhases += isOpen ? 1 : 0;
        tracks.event(
                isOpen ? PerfettoDescriptor.SLICE_BEGIN : PerfettoDescriptor.INSTANT, track, "phase", phase.name());
        tracks.number("sequence", event.sequence()).done();
    }

    void consumed(EventView event, long track) {
        command.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        String name = RingEntryNames.command(command.qword0(), command.qword0Known());
        instant(event, track, "command", name);
    }

    void logged(EventView event, long track) {
        log.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        String name = RingEntryNames.event(log.qword0(), log.qword0Known());
        instant(event, track, "log", name);
    }
}
