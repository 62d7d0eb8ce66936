package org.iorewind.analyze;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.ProbeStep;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.replay.Machine;
import org.iorewind.replay.Words;
import org.jspecify.annotations.Nullable;

/**
 * The life of one address of one device: when the tables began and ceased to map it, when it was flushed and used. Looks
 * at the tables again only when an entry on the address's way changes.
 */
final class AddressHistory {
    private static final int FIRST_KEPT = 4;
    private static final int LAST_KEPT = 12;
    private static final int DEVICE_ENTRY_BYTES = 32;

    private final int iommu;
    private final int requester;
    private final long address;
    private final List<FaultExplanation.Happening> first = new ArrayList<>();
    private final ArrayDeque<FaultExplanation.Happening> last = new ArrayDeque<>();
    private long[] watched = new long[0];
    private @Nullable Probe now;
    private long dropped;
    private boolean wasMapped;
    private boolean wasUsed;
    private boolean flushPending;
    private long usedResult = -1;
    private int domain = -1;

    AddressHistory(int iommu, int requester, long address) {
        this.iommu = iommu;
        this.requester = requester;
        this.address = address;
    }

    int iommu() {
        return iommu;
    }

    int requester() {
        return requester;
    }

    long address() {
        return address;
    }

    /** Whether memory at [from, from+length) is on the address's way through the tables. */
    boolean watches(long from, long length) {
        for (int i = 0; i < watched.length; i += 2) {
            if (watched[i + 1] > 0
                    && Long.compareUnsigned(from, watched[i] + watched[i + 1]) < 0
                    && Long.compareUnsigned(watched[i], from + length) < 0) {
                return true;
            }
        }
        return false;
    }

    /** Looks at the tables again. */
    void look(Machine machine, long sequence, long timeNs) {
        Probe probe = machine.iommu(iommu).probe(requester, address);
        Probe before = now;
        now = probe;
        watch(probe);
        boolean mapped = probe.decision() == TranslationDecision.TRANSLATED;
        boolean wasMappedNow = before != null && before.decision() == TranslationDecision.TRANSLATED;
        if (probe.domain() >= 0) {
            domain = probe.domain();
        }
        if (mapped && (before == null || !wasMappedNow || before.result() != probe.result())) {
            wasMapped = true;
            flushPending = true;
            add(sequence, timeNs, "mapped to " + Words.hex(probe.result()) + ", " + rights(probe.rights()));
        } else if (mapped && before != null && before.rights() != probe.rights()) {
            flushPending = true;
            add(sequence, timeNs, "rights changed from " + rights(before.rights()) + " to " + rights(probe.rights()));
        } else if (!mapped && wasMappedNow) {
            flushPending = true;
            add(sequence, timeNs, "unmapped: " + probe.reason());
        } else if (before != null && deviceEntryChanged(before, probe)) {
            add(sequence, timeNs, "device table entry set: " + EntryWords.deviceEntry(probe));
        }
    }

    private static boolean deviceEntryChanged(Probe before, Probe after) {
        return !Arrays.equals(before.deviceEntry(), after.deviceEntry());
    }

    private void watch(Probe probe) {
        int count = probe.steps().size() + 2;
        watched = new long[2 * count];
        watched[0] = probe.deviceEntryAddress();
        watched[1] = probe.deviceEntryAddress() == 0 ? 0 : DEVICE_ENTRY_BYTES;
        // the entry that could not be read: it may be recorded later
        watched[2] = probe.stoppedAt();
        watched[3] = probe.stoppedAt() == 0 ? 0 : DEVICE_ENTRY_BYTES;
        int at = 4;
        for (ProbeStep step : probe.steps()) {
            watched[at++] = step.entryAddress();
            watched[at++] = Long.BYTES;
        }
    }

    /** Cached translations were dropped: of a domain, or all (-1); in a range, or everywhere (length 0 or less). */
    void flushed(int ofDomain, long from, long length, long sequence, long timeNs) {
        boolean covers = length <= 0
                || Long.compareUnsigned(address, from) >= 0 && Long.compareUnsigned(address - from, length) < 0;
        if (flushPending && (ofDomain == domain || ofDomain < 0) && covers) {
            flushPending = false;
            String whose =
                    ofDomain < 0 ? "all cached translations" : "cached translations of domain " + Words.hex(ofDomain);
            add(sequence, timeNs, whose + " dropped");
        }
    }

    /** The recorded device translated this page for the device. */
    void used(long result, int usedDomain, long sequence, long timeNs) {
        wasUsed = true;
        if (usedDomain >= 0) {
            domain = usedDomain;
        }
        flushPending = true;
        if (usedResult != result) {
            usedResult = result;
            add(sequence, timeNs, "used: translated to " + Words.hex(result));
        }
    }

    private void add(long sequence, long timeNs, String what) {
        FaultExplanation.Happening happening = new FaultExplanation.Happening(sequence, timeNs, what);
        if (first.size() < FIRST_KEPT) {
            first.add(happening);
            return;
        }
        last.addLast(happening);
        if (last.size() > LAST_KEPT) {
            last.removeFirst();
            dropped++;
        }
    }

    /** Whether the tables ever mapped the address while this history watched. */
    boolean wasMapped() {
        return wasMapped;
    }

    /** Whether the recorded device ever translated the page for the device. */
    boolean wasUsed() {
        return wasUsed;
    }

    /** What happened, oldest first; a long history is cut in the middle and says so. */
    List<FaultExplanation.Happening> happenings() {
        List<FaultExplanation.Happening> all = new ArrayList<>(first);
        if (dropped > 0) {
            FaultExplanation.Happening next = java.util.Objects.requireNonNull(last.peekFirst());
            all.add(new FaultExplanation.Happening(
                    next.sequence(), next.timeNs(), "(" + dropped + " more changes before this)"));
        }
        all.addAll(last);
        return all;
    }

    private static String rights(int rights) {
        return switch (rights & 3) {
            case 3 -> "read and write";
            case 2 -> "write only";
            case 1 -> "read only";
            default -> "no access";
        };
    }
}
