package org.iorewind.samples.session;

import org.iorewind.replay.Applier;
import org.iorewind.replay.Machine;
import org.iorewind.samples.workload.Step;
import org.iorewind.samples.workload.StepMachine;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.AtsRequestDecoder;
import org.iorewind.trace.sbe.DmaRequestDecoder;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.MmioReadDecoder;
import org.iorewind.trace.sbe.RegisterReport;

/**
 * A machine that is recorded while steps happen to it: each step is appended, the very same frame is applied, and what the
 * model did follows as observations, as in a {@link LiveSession}. The same steps give the same bytes. Not thread-safe.
 *
 * <p>Calls throw {@link org.iorewind.trace.TraceStoreException} if the store takes no more.
 */
public final class StepSession {
    private static final String CONTRACT =
            "Steps that a file names, and what the model made of them: every input and every answer is in the trace, in"
                    + " order. Memory that no step stores is not known. Times only say what came first.";

    private final DmaRequestDecoder dma = new DmaRequestDecoder();
    private final AtsRequestDecoder ats = new AtsRequestDecoder();
    private final MmioReadDecoder read = new MmioReadDecoder();
    private final Heard heard = new Heard();
    private final EventWriter writer;
    private final AppendThenApply events;
    private final Machine machine;
    private final Applier applier;
    private long timeNs;

    private StepSession(EventAppender store, SessionInfo session) {
        events = new AppendThenApply(store);
        writer = new EventWriter(events);
        machine = Machine.start(session, "", session.platform(), heard);
        applier = new Applier(machine, heard);
        writer.at(0).sessionStart(session);
        events.applyWith(applier);
    }

    /**
     * Begins a session.
     *
     * @param store takes the events; stays open
     * @param name of the steps; it decides about the session's id
     * @param start the machine
     */
    public static StepSession begin(EventAppender store, String name, StepMachine start) {
        return new StepSession(
                store,
                new SessionInfo(
                        name.hashCode(),
                        0,
                        Fidelity.FULL,
                        start.startState(),
                        0,
                        0,
                        start.mmioBase(),
                        start.extendedFeatures(),
                        start.extendedFeatures2(),
                        LiveSession.observed(),
                        start.deviceOptions(),
                        start.profile(),
                        "iorewind record sample " + name,
                        "a modelled machine",
                        CONTRACT));
    }

    /** Does a step, and writes what it caused. */
    public void perform(Step step) {
        EventView event = step.event(next());
        EventKind kind = event.kind();
        if (kind == EventKind.DMA_REQUEST) {
            dma.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            heard.request((int) dma.pasid());
        } else if (kind == EventKind.ATS_REQUEST) {
            ats.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            heard.request((int) ats.pasid());
        }
        events.append(event.buffer(), event.offset(), event.frameLength());
        writer.iommu(event.iommu());
        heard.writeTo(writer, () -> writer.at(next()).guest(EventWriter.NO_GUEST));
        if (kind == EventKind.MMIO_READ) {
            answer(event);
        }
    }

    private void answer(EventView event) {
        read.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        if (applier.hasRead(event.iommu(), read.space(), read.registerOffset(), read.size())) {
            writer.at(next())
                    .guest(event.guest())
                    .mmioReadValue(
                            read.space(), read.size(), RegisterReport.READ, read.registerOffset(), applier.readValue());
        }
    }

    private long next() {
        timeNs += LiveSession.STEP_NS;
        return timeNs;
    }

    /** The machine, to look at. */
    public Machine machine() {
        return machine;
    }

    /** Number of events so far. */
    public long events() {
        return events.events();
    }

    /** Times the machine needed memory that no step stored. */
    public long notRecorded() {
        return heard.notRecorded();
    }

    /** Where it did so first. */
    public long firstNotRecorded() {
        return heard.firstNotRecorded();
    }

    /** Times the machine needed what the model lacks. */
    public long notModelled() {
        return heard.notModelled();
    }

    /**
     * Ends the session in order, with the hash of the machine's state. The store stays open.
     *
     * @return the hash
     */
    public long end() {
        long hash = machine.stateHash();
        writer.at(next()).iommu(0).guest(EventWriter.NO_GUEST).stateHash(hash, machine.profile());
        writer.at(next()).sessionEnd(EndReason.CLEAN, "");
        return hash;
    }
}
