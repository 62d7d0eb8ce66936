package org.iorewind.replay;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.FanOut;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.Fidelity;

/** Replays a whole trace from its first event to its last. */
public final class Replay {
    private static final int PROGRESS_EVENTS = 1 << 14;

    private Replay() {}

    /**
     * Replays and compares.
     *
     * @param trace to replay; stays open
     * @param options profile, limits, progress
     * @param listeners follow the replay, in this order
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static ReplayResult run(TraceReader trace, ReplayOptions options, ReplayListener... listeners) {
        Predictions predictions = new Predictions();
        Counters counters = new Counters();
        EffectSink[] sinks = new EffectSink[listeners.length + 2];
        sinks[0] = predictions;
        sinks[1] = counters;
        System.arraycopy(listeners, 0, sinks, 2, listeners.length);
        Machine machine =
                Machine.start(trace.session(), options.profile(), trace.path().toString(), sinks);
        Tally tally = new Tally(options.divergenceLimit());
        Applier applier = new Applier(machine, new FanOut(sinks));
        FaultCollector faults = new FaultCollector(machine, applier, options.faultLimit(), listeners);
        Verifier verifier = new Verifier(machine, applier, predictions, tally, faults);
        for (ReplayListener listener : listeners) {
            listener.start(machine);
        }
        try (EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                EventView event = cursor.event();
                counters.event(event);
                boolean isInput = event.kind() != null && event.kind().eventClass() == EventClass.INPUT;
                if (isInput) {
                    verifier.settle();
                }
                for (ReplayListener listener : listeners) {
                    listener.before(event, machine);
                }
                one(event, applier, verifier, predictions, faults);
                for (ReplayListener listener : listeners) {
                    listener.after(event, machine);
                }
                if (counters.events() % PROGRESS_EVENTS == 0) {
                    options.progress().at(counters.events(), -1);
                }
            }
        }
        verifier.settle();
        return new ReplayResult(
                trace.session(),
                machine.profile(),
                counters.events(),
                counters.byKind(),
                tally.observations(),
                tally.first(),
                tally.known(),
                faults.faults(),
                faults.count(),
                counters.gaps(),
                fidelity(trace, counters, verifier),
                counters.notModelled(),
                counters.notRecorded(),
                Words.hex16(machine.stateHash()),
                counters.ended(),
                counters.lastTimeNs());
    }

    private static void one(
            EventView event, Applier applier, Verifier verifier, Predictions predictions, FaultCollector faults) {
        if (event.kind() == null) {
            return;
        }
        switch (event.kind().eventClass()) {
            case INPUT -> {
                predictions.input(event.sequence(), event.iommu());
                faults.inputTime(event.timeNs());
                applier.apply(event);
            }
            case OBSERVATION, BOOK_KEEPING -> verifier.observe(event);
            case MARKER -> {}
        }
    }

    /** What the replay could really do: a trace that lacks a table it needs for a walk is not of full fidelity. */
    private static String fidelity(TraceReader trace, Counters counters, Verifier verifier) {
        Fidelity declared = trace.session().fidelity();
        if (declared == Fidelity.LOG) {
            return "log";
        }
        boolean tablesMissing =
                verifier.undecidedTranslations() > 0 || counters.notRecorded().containsKey("COMMAND");
        return declared == Fidelity.FULL && !tablesMissing ? "full" : "observed";
    }
}
