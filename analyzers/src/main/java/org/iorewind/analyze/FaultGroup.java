package org.iorewind.analyze;

import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.replay.Fault;
import org.iorewind.trace.sbe.DmaAccess;

/** Like faults: the same device, page, decision and kind of access. The first one's view of the tables stands for all. */
final class FaultGroup {
    private static final long PAGE = 0xFFF;

    /** What makes two faults alike. */
    record Key(int requester, long page, TranslationDecision decision, DmaAccess access) {
        static Key of(Fault fault, DmaAccess access) {
            return new Key(fault.requester(), fault.address() & ~PAGE, fault.decision(), access);
        }
    }

    private final Key key;
    private final Fault first;
    private final Probe probe;
    private long count;
    private long lastSequence;
    private long lowest;
    private long highest;
    private boolean entryWritten;
    private long entryLow;
    private long entryHigh;
    private int recordedCode = -1;

    FaultGroup(Key key, Fault first, Probe probe) {
        this.key = key;
        this.first = first;
        this.probe = probe;
        this.lowest = first.address();
        this.highest = first.address();
    }

    void add(Fault fault) {
        count++;
        lastSequence = fault.sequence();
        if (Long.compareUnsigned(fault.address(), lowest) < 0) {
            lowest = fault.address();
        }
        if (Long.compareUnsigned(fault.address(), highest) > 0) {
            highest = fault.address();
        }
    }

    /** The event log entry that the model wrote for the first fault. */
    void entry(long low, long high) {
        entryWritten = true;
        entryLow = low;
        entryHigh = high;
    }

    /** The recorded device logged an event with this code for the first fault. */
    void recordedCode(int code) {
        recordedCode = code;
    }

    boolean entryWritten() {
        return entryWritten;
    }

    long entryLow() {
        return entryLow;
    }

    long entryHigh() {
        return entryHigh;
    }

    /** Code of the event that the recorded device logged, or -1 if the recording does not tell. */
    int recordedCode() {
        return recordedCode;
    }

    Key key() {
        return key;
    }

    Fault first() {
        return first;
    }

    /** The tables at the moment of the first fault. */
    Probe probe() {
        return probe;
    }

    long count() {
        return count;
    }

    long lastSequence() {
        return lastSequence;
    }

    long lowest() {
        return lowest;
    }

    long highest() {
        return highest;
    }
}
