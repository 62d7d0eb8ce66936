package org.iorewind.analyze;

import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.translate.RequestKind;
import org.iorewind.replay.Fault;
import org.iorewind.trace.sbe.DmaAccess;

/**
 * Like faults: the same device, address space, page, decision and kind of access. The first one's view of the tables stands for
 * all.
 */
final class FaultGroup {
    private static final long PAGE = 0xFFF;

    /**
     * What makes two faults alike.
     *
     * @param iommu number of the IOMMU
     * @param requester DeviceID
     * @param pasid PASID or -1
     * @param domain DomainID that the request was decided under, -1 if none was known
     * @param page of the address
     * @param decision of the model
     * @param kind of the request on the bus
     * @param access what was wanted; unknown for a translation request
     */
    record Key(
            int iommu,
            int requester,
            int pasid,
            int domain,
            long page,
            TranslationDecision decision,
            RequestKind kind,
            DmaAccess access) {
        static Key of(Fault fault, int pasid, int domain, RequestKind kind, DmaAccess access) {
            return new Key(
                    fault.iommu(),
                    fault.requester(),
                    pasid,
                    domain,
                    fault.address() & ~PAGE,
                    fault.decision(),
                    kind,
                    access);
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
    private int recordedGuest = -1;

    /**
     * A group without a fault.
     *
     * @param usedEntry the device table entry that the IOMMU used, from memory or from its cache; empty if it used none
     */
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

    /** An event with this code was logged for the first fault, in a guest's log, or in the host's (-1). */
    void recorded(int code, int guest) {
        recordedCode = code;
        recordedGuest = guest;
    }

    /** Whether the request took its device table entry from the cache and memory held another one by then. */
    boolean usedStaleDeviceEntry() {
        return DeviceSpace.isStale(usedEntry, probe);
    }

    /** Code of the event that the recorded device logged, or -1 if the recording does not tell. */
    int recordedCode() {
        return recordedCode;
    }

    /** The guest in whose log it was logged, or -1. */
    int recordedGuest() {
        return recordedGuest;
    }

    /** The tables in which the first refused address was looked up. */
    DeviceSpace space() {
        return DeviceSpace.lookedUp(probe, usedEntry, key.pasid());
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
