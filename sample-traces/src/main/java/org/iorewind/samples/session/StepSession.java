package org.iorewind.samples.session;

import org.iorewind.samples.workload.Step;
import org.iorewind.samples.workload.StepMachine;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.AtsRequestDecoder;
import org.iorewind.trace.sbe.DmaRequestDecoder;
import org.iorewind.trace.sbe.MmioReadDecoder;
import org.iorewind.trace.sbe.RegisterReport;

/** A session of steps that a file names, one after the other. Not thread-safe. */
public final class StepSession extends ModelSession {
    private static final String CONTRACT =
            "Steps that a file names, and what the model made of them: every input and every answer is in the trace, in"
                    + " order. Memory that no step stores is not known. Times only say what came first.";

    private final DmaRequestDecoder dma = new DmaRequestDecoder();
    private final AtsRequestDecoder ats = new AtsRequestDecoder();
    private final MmioReadDecoder read = new MmioReadDecoder();

    private StepSession(EventAppender store, SessionInfo session) {
        super(store, session);
    }

    /**
     * Begins a session.
     *
     * @param store takes the events; stays open
     * @param name of the steps; it decides about the session's id
     * @param start the machine
     */
    public static StepSession begin(EventAppender store, String name, StepMachine start) {
        return new StepSession(store, describe(name, 0, start, CONTRACT));
    }

    /** Does a step, and writes what it caused. */
    public void perform(Step step) {
        EventView event = step.event(nextTime());
        EventKind kind = event.kind();
        if (kind == EventKind.DMA_REQUEST) {
            dma.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            heard.request((int) dma.pasid());
        } else if (kind == EventKind.ATS_REQUEST) {
            ats.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            heard.request((int) ats.pasid());
        }
        events.append(event.buffer(), event.offset(), event.frameLength());
        observe(event.iommu());
        if (kind == EventKind.MMIO_READ) {
            answer(event);
        }
    }

    private void answer(EventView event) {
        read.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        if (applier.hasRead(event.iommu(), read.space(), read.registerOffset(), read.size())) {
            next(event.guest(), event.iommu())
                    .mmioReadValue(
                            read.space(), read.size(), RegisterReport.READ, read.registerOffset(), applier.readValue());
        }
    }
}
