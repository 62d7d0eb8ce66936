package org.iorewind.analyze;

import java.util.Arrays;
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
    private final long[] usedEntry;
    private long count;
    private long lastSequence;
    private long lowest;
    private long highest;
    private int recordedCode = -1;

    FaultGroup(Key key, Fault first, Probe probe, long[] usedEntry) {
        this.key = key;
        this.first = first;
        this.probe = probe;
        this.usedEntry = usedEntry.clone();
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

    /** The recorded device logged an event with this code for the first fault. */
    void recordedCode(int code) {
        recordedCode = code;
    }

    /** Whether the request took its device table entry from the cache and memory held another one by then. */
    boolean usedStaleDeviceEntry() {
        return usedEntry.length == probe.deviceEntry().length
                && usedEntry.length > 0
                && !Arrays.equals(usedEntry, probe.deviceEntry());
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
