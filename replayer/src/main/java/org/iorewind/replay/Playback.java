package org.iorewind.replay;

import java.util.List;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.FanOut;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.Fidelity;

/**
 * A replay that is fed event by event, in order, from any event whose state it was given. All replays are this one: a whole
 * trace from its start, a segment from a checkpoint, a cursor that goes back and forth.
 *
 * <p>Its state, without memory, is saved and restored like the model's: machine, predictions that wait for observations,
 * and all counters. What {@link #result} lists in full of faults begins with the last restore; what it counts does not.
 *
 * <p>Not thread-safe. Allocates nothing per event as long as model and recording agree.
 */
public final class Playback implements Stateful {
    private final ReplayListener[] listeners;
    private final Counters counters = new Counters();
    private final Predictions predictions = new Predictions(counters);
    private final Machine machine;
    private final Tally tally;
    private final Applier applier;
    private final FaultCollector faults;
    private final Verifier verifier;

    private Playback(SessionInfo session, String source, ReplayOptions options, ReplayListener... listeners) {
        this.listeners = listeners;
        EffectSink[] sinks = new EffectSink[listeners.length + 1];
        sinks[0] = predictions;
        System.arraycopy(listeners, 0, sinks, 1, listeners.length);
        EffectSink told = sinks.length == 1 ? predictions : new FanOut(sinks);
        machine = Machine.start(session, options.profile(), options.model(), source, number -> told);
        tally = new Tally(options.divergenceLimit());
        applier = new Applier(machine, told);
        faults = new FaultCollector(machine, applier, options.faultLimit(), listeners);
        verifier = new Verifier(machine, applier, predictions, tally, faults, listeners);
        for (ReplayListener listener : listeners) {
            listener.start(machine);
        }
    }

    /**
     * A replay before the first event.
     *
     * @param session what the trace says of itself
     * @param source name of the trace, for messages
     * @param options profile and limits; the progress is the caller's to tell
     * @param listeners follow the replay, in this order
     * @throws org.iorewind.trace.UnsupportedTraceException if there is no such profile
     */
    public static Playback start(
            SessionInfo session, String source, ReplayOptions options, ReplayListener... listeners) {
        return new Playback(session, source, options, listeners.clone());
    }

    /** Handles the next event: applies it, compares it, or passes over it. */
    public void handle(EventView event) {
        EventKind kind = event.kind();
        counters.event(event, kind);
        if (kind != null && kind.eventClass() == EventClass.INPUT) {
            verifier.settle();
        }
        for (ReplayListener listener : listeners) {
            listener.before(event, machine);
        }
        if (kind != null) {
            handle(event, kind);
        }
        for (ReplayListener listener : listeners) {
            listener.after(event, machine);
        }
    }

    private void handle(EventView event, EventKind kind) {
        switch (kind.eventClass()) {
            case INPUT -> {
                predictions.input(event.sequence(), event.iommu());
                faults.inputTime(counters.lastTimeNs());
                applier.applyInput(event, kind);
            }
            case OBSERVATION, BOOK_KEEPING -> verifier.observe(event, kind);
            case MARKER -> {}
        }
    }

    /** The trace is over: what was predicted and not observed by now will not be. */
    public void settle() {
        if (!counters.ended()) {
            verifier.cut();
        }
        verifier.settle();
    }

    /** The last input was not recorded, so that nothing was observed of it: its faults count, the rest is forgotten. */
    public void forgetPredictions() {
        verifier.forget();
    }

    /**
     * A command that was taken from the ring was not there when the recording was made, but another: that one is what is
     * expected to be observed.
     *
     * @param address of the command, as the IOMMU sees it
     * @param qword0 of the command that was there
     * @param qword1 of it
     */
    public void recordedCommand(long address, long qword0, long qword1) {
        predictions.commands.forEach(p -> {
            if (p.address + p.number == address) {
                p.qword0 = qword0;
                p.qword1 = qword1;
            }
        });
    }

    /** What is replayed; to be read. */
    public Machine machine() {
        return machine;
    }

    /** How many events were handled. */
    public long events() {
        return counters.events();
    }

    /** How many events of a kind were handled. */
    public long events(EventKind kind) {
        return counters.count(kind.templateId());
    }

    /** The latest time of all events handled, ns since the session's start; {@link Long#MIN_VALUE} before the first. */
    public long greatestTimeNs() {
        return counters.greatestTimeNs();
    }

    /**
     * How many requests were refused so far: those that the model refused, the last one included, and those that were
     * observed to be refused. What {@link #result} would count if the trace ended here.
     */
    public long faults() {
        return faults.count() + predictions.translations.count(FaultCollector::isRefusedByModel);
    }

    /** Sequence number of the last input, to which the observations behind it belong. */
    public long lastInput() {
        return predictions.input();
    }

    /** How many unexplained divergences were found so far. */
    public long divergences() {
        return tally.divergences();
    }

    /** What was found; call {@link #settle} before, if the trace is over. */
    public ReplayResult result() {
        return new ReplayResult(
                machine.session(),
                machine.profile(),
                counters.events(),
                counters.byKind(),
                tally.observations(),
                tally.first(),
                tally.known(),
                faults.faults(),
                faults.count(),
                counters.gaps(),
                fidelity(),
                counters.notModelled(),
                counters.notRecorded(),
                Words.hex16(machine.stateHash()),
                counters.ended(),
                counters.lastTimeNs());
    }

    /** What the replay could really do: a trace that lacks a table it needs for a walk is not of full fidelity. */
    private String fidelity() {
        Fidelity declared = machine.session().fidelity();
        if (declared == Fidelity.LOG) {
            return "log";
        }
        boolean tablesMissing =
                verifier.undecidedTranslations() > 0 || counters.notRecorded().containsKey("COMMAND");
        return declared == Fidelity.FULL && !tablesMissing ? "full" : "observed";
    }

    /** Gives everything but memory; memory is kept by a snapshot taken at the same event. */
    @Override
    public void saveTo(StateSink sink) {
        machine.saveTo(sink);
        for (Stateful part : List.of(predictions, counters, tally, applier, faults)) {
            part.saveTo(sink);
        }
        sink.addLong(verifier.undecidedTranslations());
    }

    /**
     * Goes to a state that a replay of the same trace with the same options gave. Memory is restored by itself.
     *
     * @throws org.iorewind.model.StateImageException when it does not fit; only another restore helps then
     * @throws org.iorewind.trace.UnsupportedTraceException when it names an unknown profile; likewise
     */
    @Override
    public void restoreFrom(StateImage.Reader source) {
        machine.restoreFrom(source);
        for (Stateful part : List.of(predictions, counters, tally, applier, faults)) {
            part.restoreFrom(source);
        }
        verifier.undecidedTranslations(source.next());
    }
}
