package org.iorewind.trace;

import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;

/** The description of a session that was made of another one: as that, but for what is set here. Not thread-safe. */
public final class SessionVariant {
    private final SessionInfo whole;
    private long idHigh;
    private long idLow;
    private Fidelity fidelity;
    private StartState startState;
    private long startUnixNs;
    private long mmioBase;
    private long observes;
    private String platform;
    private String contract;

    private SessionVariant(SessionInfo whole) {
        this.whole = whole;
        idHigh = whole.idHigh();
        idLow = whole.idLow();
        fidelity = whole.fidelity();
        startState = whole.startState();
        startUnixNs = whole.startUnixNs();
        mmioBase = whole.mmioBase();
        observes = whole.observes();
        platform = whole.platform();
        contract = whole.contract();
    }

    /** The same so far. */
    public static SessionVariant of(SessionInfo whole) {
        return new SessionVariant(whole);
    }

    /** Its session id, both halves. */
    public SessionVariant id(long high, long low) {
        idHigh = high;
        idLow = low;
        return this;
    }

    /** What a replay can do with it. */
    public SessionVariant fidelity(Fidelity is) {
        fidelity = is;
        return this;
    }

    /** How much of the past it knows. */
    public SessionVariant startState(StartState is) {
        startState = is;
        return this;
    }

    /** Wall clock at time 0 in ns since 1970-01-01 UTC; 0 if unknown. */
    public SessionVariant startUnixNs(long is) {
        startUnixNs = is;
        return this;
    }

    /** Physical address of the registers of IOMMU 0; 0 if unknown. */
    public SessionVariant mmioBase(long is) {
        mmioBase = is;
        return this;
    }

    /** The observations of which all are in the trace, as in {@link SessionInfo#observes()}. */
    public SessionVariant observes(long is) {
        observes = is;
        return this;
    }

    /** What is known of the platform. */
    public SessionVariant platform(String is) {
        platform = is;
        return this;
    }

    /** What the source can miss, in sentences. */
    public SessionVariant contract(String is) {
        contract = is;
        return this;
    }

    /** The description. */
    public SessionInfo info() {
        return new SessionInfo(
                idHigh,
                idLow,
                fidelity,
                startState,
                whole.iommuCount(),
                startUnixNs,
                mmioBase,
                whole.extendedFeatures(),
                whole.extendedFeatures2(),
                observes,
                whole.deviceOptions(),
                whole.profile(),
                whole.tool(),
                platform,
                contract);
    }
}
