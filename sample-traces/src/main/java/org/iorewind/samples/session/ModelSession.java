package org.iorewind.samples.session;

import org.iorewind.model.platform.SystemBus;
import org.iorewind.replay.Applier;
import org.iorewind.replay.Machine;
import org.iorewind.samples.workload.StepMachine;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;

/**
 * A machine that is recorded while it runs: what happens to it is written as an event, the very same frame goes through the
 * replay's {@link Applier}, and what the model did follows as observations. The same calls give the same bytes: time is a
 * counter that goes on by {@value #STEP_NS} ns with each event. Not thread-safe.
 *
 * <p>Calls throw {@link org.iorewind.trace.TraceStoreException} if the store takes no more, and {@link IllegalStateException}
 * after {@link #end}.
 */
public abstract sealed class ModelSession permits LiveSession, StepSession {
    /** From one event to the next, in ns. */
    static final long STEP_NS = 100;

    private static final EventKind[] OBSERVED = {
        EventKind.MMIO_READ_VALUE,
        EventKind.COMMAND_CONSUMED,
        EventKind.TRANSLATION,
        EventKind.LOG_ENTRY,
        EventKind.COMPLETION_STORE,
        EventKind.INTERRUPT_DELIVERED,
        EventKind.VM_EXIT,
        EventKind.PAGE_RESPONSE
    };

    final Heard heard = new Heard();
    final AppendThenApply events;
    final Machine machine;
    final Applier applier;
    final Listeners listeners = new Listeners(heard);
    private final EventWriter writer;
    private long timeNs;
    private boolean isEnded;

    ModelSession(EventAppender store, SessionInfo session) {
        events = new AppendThenApply(store);
        writer = new EventWriter(events);
        machine = Machine.start(session, "", session.platform(), listeners);
        applier = new Applier(machine, heard);
        writer.at(0).sessionStart(session);
        events.applyWith(applier);
    }

    /**
     * Describes a session.
     *
     * @param name of what runs; it decides about the session's id
     * @param seed of what runs; it decides about the session's id too
     * @param start the machine
     * @param contract what the recording holds
     */
    static SessionInfo describe(String name, long seed, StepMachine start, String contract) {
        return new SessionInfo(
                name.hashCode(),
                seed,
                Fidelity.FULL,
                start.startState(),
                0,
                0,
                start.mmioBase(),
                start.extendedFeatures(),
                start.extendedFeatures2(),
                observed(),
                start.deviceOptions(),
                start.profile(),
                "iorewind record sample " + name,
                "a modelled machine",
                contract);
    }

    /** What {@link Heard} leaves out nothing of, as bits of {@link SessionInfo#observes()}. */
    private static long observed() {
        long observes = SessionInfo.OBSERVES_OWN_INTERRUPTS;
        for (EventKind kind : OBSERVED) {
            observes |= SessionInfo.observesBit(kind);
        }
        return observes;
    }

    /** The machine, to look at. */
    public final Machine machine() {
        return machine;
    }

    /** Number of events so far. */
    public final long events() {
        return events.events();
    }

    /** Times the machine read memory that nobody had written: software forgot to clear it. */
    public final long notRecorded() {
        return heard.notRecorded();
    }

    /** Where it did so first. */
    public final long firstNotRecorded() {
        return heard.firstNotRecorded();
    }

    /** Times the machine needed what the model lacks. */
    public final long notModelled() {
        return heard.notModelled();
    }

    /**
     * Ends the session in order, with the hash of the machine's state. The store stays open.
     *
     * @return the hash
     */
    public final long end() {
        long hash = machine.stateHash();
        next(EventWriter.NO_GUEST, SystemBus.PHYSICAL).stateHash(hash, machine.profile());
        next(EventWriter.NO_GUEST, SystemBus.PHYSICAL).sessionEnd(EndReason.CLEAN, "");
        isEnded = true;
        return hash;
    }

    /** The time of the next event, in ns. */
    final long nextTime() {
        if (isEnded) {
            throw new IllegalStateException("the session has ended: events=" + events.events());
        }
        timeNs += STEP_NS;
        return timeNs;
    }

    /** Writes the next event, of a guest or {@link EventWriter#NO_GUEST} and of an IOMMU. */
    final EventWriter next(int guest, int iommu) {
        return writer.at(nextTime()).iommu(iommu).guest(guest);
    }

    /** Writes what the last input caused. */
    final void observe(int iommu) {
        heard.writeTo(writer, () -> next(EventWriter.NO_GUEST, iommu));
    }
}
