package org.iorewind.cli.debug.cause;

import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.Scout;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;

/** Answers why the event that a session stands on came out as it did. */
public final class Causes {
    private Causes() {}

    /**
     * The chain of causes.
     *
     * @throws DebugException if the event has no causes that the recording could tell
     */
    public static Answer of(DebugSession session) {
        EventView event = session.event();
        EventKind kind = event == null ? null : event.kind();
        if (event == null || kind == null) {
            throw new DebugException("expected an event under the cursor, found none; go to one: seek fault 1");
        }
        boolean isObservation = kind.eventClass() == EventClass.OBSERVATION;
        if (kind.eventClass() != EventClass.INPUT && !isObservation) {
            throw new DebugException("expected an input or what was observed of one, found " + kind.label()
                    + ", which explains itself; go to an input: next input");
        }
        long subject = isObservation ? session.cursor().playback().lastInput() : event.sequence();
        Scout scout = session.scout();
        if (subject < 0 || !scout.seek(subject)) {
            throw new DebugException("expected an input before this observation, found none");
        }
        EventKind asked = scout.cursor().event().kind();
        if (asked == EventKind.DMA_REQUEST || asked == EventKind.ATS_REQUEST) {
            return new RequestCauses(session, subject).answer();
        }
        if (asked == EventKind.INTERRUPT_REQUEST) {
            return new InterruptCauses(session, subject).answer();
        }
        return new InputConsequences(session, subject).answer();
    }
}
