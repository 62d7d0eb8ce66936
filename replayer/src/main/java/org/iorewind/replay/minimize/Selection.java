package org.iorewind.replay.minimize;

import java.util.BitSet;
import org.iorewind.model.StateHasher;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.SessionVariant;
import org.iorewind.trace.sbe.InjectedAction;

/**
 * Some events of a trace, as a trace. Where commands of the host's ring are left out, an {@code InjectedEvent} moves the head of the
 * ring behind them before the next ones run.
 */
public final class Selection {
    private static final int MOST_IOMMUS = 256;

    private final EventFrames frames;
    private final CausalUnits units;
    private final BitSet events;

    Selection(EventFrames frames, CausalUnits units, BitSet events) {
        this.frames = frames;
        this.units = units;
        this.events = events;
    }

    /** How many events of the trace are in it. */
    public int events() {
        return events.cardinality();
    }

    /** Numbers, in the trace, of the events that are in it. */
    public BitSet sequences() {
        return (BitSet) events.clone();
    }

    /**
     * Gives the events one after the other. The session says what it is made of, and has an id of its own.
     *
     * @param appender takes them; stays open
     * @throws org.iorewind.trace.TraceStoreException if it takes no more
     */
    public void writeTo(EventAppender appender) {
        StateHasher hasher = new StateHasher();
        for (int i = events.nextSetBit(0); i >= 0; i = events.nextSetBit(i + 1)) {
            hasher.addBytes(frames.bytes().byteArray(), frames.start(i), frames.length(i));
        }
        write(appender, hasher.value());
    }

    /** The same without changes to the session, for a replay. */
    void play(EventAppender appender) {
        write(appender, 0);
    }

    private void write(EventAppender appender, long id) {
        EventWriter writer = new EventWriter(appender);
        boolean[] isSkipped = new boolean[MOST_IOMMUS];
        for (int i = 0; i < frames.size(); i++) {
            boolean isIn = events.get(i);
            if (!isIn && !units.isDoorbell(i)) {
                continue;
            }
            EventView event = frames.event(i);
            int iommu = event.iommu();
            if (!isIn) {
                isSkipped[iommu] = true;
                continue;
            }
            if (isSkipped[iommu] && units.head(i) >= 0) {
                isSkipped[iommu] = false;
                writer.at(event.timeNs())
                        .iommu(iommu)
                        .injected(
                                InjectedAction.FORCE_REGISTER,
                                RegisterDescriptor.COMMAND_HEAD,
                                units.head(i),
                                0,
                                "commands left out");
            }
            if (id != 0 && event.kind() == EventKind.SESSION_START) {
                writer.at(event.timeNs()).iommu(iommu).sessionStart(session(SessionInfo.of(event), id));
            } else {
                appender.append(event.buffer(), event.offset(), event.frameLength());
            }
        }
    }

    private SessionInfo session(SessionInfo whole, long id) {
        return SessionVariant.of(whole)
                .id(whole.idHigh(), whole.idLow() ^ id)
                .contract(whole.contract() + " Minimized: " + events() + " of " + frames.size()
                        + " events were kept, what else happened is left out.")
                .info();
    }
}
