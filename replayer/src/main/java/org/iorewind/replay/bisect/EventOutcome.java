package org.iorewind.replay.bisect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.WalkCache;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.replay.Words;
import org.iorewind.trace.EventView;
import org.iorewind.trace.schema.EventTable;

/**
 * What the model did because of one event: what it answered, stored and signalled, in order; and apart from that what it cost.
 * Not thread-safe; allocates nothing per event but for the largest so far.
 */
final class EventOutcome implements ReplayListener {
    private static final int FIELDS = 8;
    /** So many effects of one event are kept one by one; the rest counts in a sum. */
    private static final int MOST_EFFECTS = 1 << 14;

    private static final String[] COSTS = {
        "IOTLB hits",
        "IOTLB misses",
        "device table entries read",
        "table entries read",
        "walks spared in part",
        "translations dropped",
        "pages prefetched"
    };
    private static final int HITS = 0;
    private static final int MISSES = 1;
    private static final int DEVICE_ENTRIES = 2;
    private static final int TABLE_ENTRIES = 3;
    private static final int SPARED = 4;
    private static final int DROPPED = 5;
    private static final int PREFETCHED = 6;

    private static final long PRIME = 0x9E37_79B9_7F4A_7C15L;
    private static final int TURN = 29;

    private enum What {
        TRANSLATION(4),
        ANSWER(4),
        COMMAND(0),
        GUEST_COMMAND(0),
        COMPLETION(0),
        GUEST_COMPLETION(0),
        LOG_ENTRY(1),
        GUEST_LOG_ENTRY(2),
        INTERRUPT(2),
        OWN_INTERRUPT(1),
        GUEST_INTERRUPT(2),
        PAGE_RESPONSE(0),
        ENTRY_MARKED(0),
        GUEST_STOPPED(0),
        NOT_MODELLED(1),
        DIVERGENCES(0);

        /** Which field is the place of a value in an enumeration, 0 if none is. */
        private final int named;

        What(int named) {
            this.named = named;
        }
    }

    private static final What[] WHATS = What.values();

    private final long[] costs = new long[COSTS.length];
    private long[] effects = new long[FIELDS * 64];
    private int count;
    private long rest;

    @Override
    public void before(EventView event, Machine machine) {
        count = 0;
        rest = 0;
        Arrays.fill(costs, 0);
    }

    private void add(What what, long a, long b, long c, long d, long e, long f, long g) {
        int at = count * FIELDS;
        if (at == effects.length) {
            effects = Arrays.copyOf(effects, 2 * effects.length);
        }
        effects[at] = what.ordinal();
        effects[at + 1] = a;
        effects[at + 2] = b;
        effects[at + 3] = c;
        effects[at + 4] = d;
        effects[at + 5] = e;
        effects[at + 6] = f;
        effects[at + 7] = g;
        if (count == MOST_EFFECTS) {
            rest = hash(rest, at);
        } else {
            count++;
        }
    }

    /** The event showed so many unexplained differences from the recording. */
    void divergences(long number) {
        if (number > 0) {
            add(What.DIVERGENCES, number, 0, 0, 0, 0, 0, 0);
        }
    }

    /** Whether both did the same, whatever it cost. */
    boolean isSame(EventOutcome other) {
        return count == other.count
                && rest == other.rest
                && Arrays.equals(effects, 0, count * FIELDS, other.effects, 0, count * FIELDS);
    }

    /**
     * What all of it was, and what was before, as a number that other builds of the program give as well: of enumerations the names
     * count.
     */
    long hash(long before) {
        long hash = before;
        for (int i = 0; i < count; i++) {
            hash = hash(hash, i * FIELDS);
        }
        return count == MOST_EFFECTS ? mix(hash, rest) : hash;
    }

    private long hash(long before, int at) {
        What what = WHATS[(int) effects[at]];
        long hash = mix(before, what.name().hashCode());
        for (int i = 1; i < FIELDS; i++) {
            hash = mix(hash, i == what.named ? name(what, (int) effects[at + i]).hashCode() : effects[at + i]);
        }
        return hash;
    }

    private static long mix(long hash, long value) {
        return Long.rotateLeft(hash ^ value, TURN) * PRIME;
    }

    private static String name(What what, int ordinal) {
        return switch (what) {
            case TRANSLATION, ANSWER -> TranslationDecision.values()[ordinal].name();
            case LOG_ENTRY, GUEST_LOG_ENTRY -> LogKind.values()[ordinal].name();
            case INTERRUPT -> InterruptDecision.values()[ordinal].name();
            case OWN_INTERRUPT -> OwnInterrupt.values()[ordinal].name();
            case GUEST_INTERRUPT -> GuestSignal.values()[ordinal].name();
            case NOT_MODELLED -> Feature.values()[ordinal].name();
            default -> "";
        };
    }

    /** Whether it cost the same. */
    boolean isAsExpensive(EventOutcome other) {
        return Arrays.equals(costs, other.costs);
    }

    /** What cost something, in words. */
    String costs() {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < costs.length; i++) {
            if (costs[i] != 0) {
                parts.add(COSTS[i] + " " + costs[i]);
            }
        }
        return parts.isEmpty() ? "nothing" : String.join(", ", parts);
    }

    /** The first thing that the other did not do so, in words; a decision rather than what follows from it. */
    String firstUnlike(EventOutcome other) {
        int decision = firstUnlike(other, true);
        int at = decision >= 0 ? decision : firstUnlike(other, false);
        return at < 0 ? "nothing more" : words(at);
    }

    private int firstUnlike(EventOutcome other, boolean isOfDecisions) {
        int theirs = other.next(0, isOfDecisions);
        for (int i = next(0, isOfDecisions); i < count; i = next(i + 1, isOfDecisions)) {
            int from = i * FIELDS;
            int at = theirs * FIELDS;
            if (theirs >= other.count || !Arrays.equals(effects, from, from + FIELDS, other.effects, at, at + FIELDS)) {
                return from;
            }
            theirs = other.next(theirs + 1, isOfDecisions);
        }
        return -1;
    }

    /** The next effect from here on; the number of effects if there is none. */
    private int next(int from, boolean isOfDecisions) {
        int at = from;
        while (isOfDecisions && at < count && !isDecision(effects[at * FIELDS])) {
            at++;
        }
        return at;
    }

    private static boolean isDecision(long what) {
        return what == What.TRANSLATION.ordinal() || what == What.ANSWER.ordinal() || what == What.INTERRUPT.ordinal();
    }

    private String words(int at) {
        long a = effects[at + 1];
        long b = effects[at + 2];
        long c = effects[at + 3];
        long d = effects[at + 4];
        long e = effects[at + 5];
        long f = effects[at + 6];
        return switch (WHATS[(int) effects[at]]) {
            case TRANSLATION ->
                "request of " + EventTable.bdf((int) a) + " for " + Words.hex(c) + ": "
                        + TranslationDecision.values()[(int) d] + ", leads to " + Words.hex(e);
            case ANSWER ->
                "translation request of " + EventTable.bdf((int) a) + " for " + Words.hex(c) + ": "
                        + TranslationDecision.values()[(int) d] + ", leads to " + Words.hex(e);
            case COMMAND -> command(b) + " taken at " + Words.hex(a);
            case GUEST_COMMAND -> command(c) + " of guest " + a + " taken at " + Words.hex(b);
            case COMPLETION -> "completion store of " + Words.hex(b) + " at " + Words.hex(a);
            case GUEST_COMPLETION -> "completion store of guest " + a + ", " + Words.hex(c) + " at " + Words.hex(b);
            case LOG_ENTRY ->
                RingEntryNames.event(c, -1L) + " in log " + LogKind.values()[(int) a] + " at " + Words.hex(b)
                        + (e == 0 ? ", lost" : "");
            case GUEST_LOG_ENTRY ->
                RingEntryNames.event(d, -1L) + " in log " + LogKind.values()[(int) b] + " of guest " + a
                        + (f == 0 ? ", lost" : "");
            case INTERRUPT ->
                "interrupt of " + EventTable.bdf((int) a) + ": " + InterruptDecision.values()[(int) b] + ", "
                        + Words.hex(c) + " " + Words.hex(d);
            case OWN_INTERRUPT -> "interrupt of the IOMMU: " + OwnInterrupt.values()[(int) a];
            case GUEST_INTERRUPT -> "interrupt of guest " + a + ": " + GuestSignal.values()[(int) b];
            case PAGE_RESPONSE -> "page response to " + EventTable.bdf((int) a) + ", code " + d;
            case ENTRY_MARKED -> "entry at " + Words.hex(a) + " becomes " + Words.hex(c);
            case GUEST_STOPPED -> "ring of guest " + a + " stops";
            case NOT_MODELLED -> "not modelled: " + Feature.values()[(int) a];
            case DIVERGENCES -> a + (a == 1 ? " difference" : " differences") + " from the recording";
        };
    }

    private static String command(long qword0) {
        return RingEntryNames.command(CommandDescriptor.opcode(qword0));
    }

    @Override
    public void translation(
            int requester,
            int pasid,
            long address,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int rights,
            boolean cacheHit) {
        // A cached large page answers for the page of it: where a request leads is what counts.
        add(
                What.TRANSLATION,
                requester,
                pasid,
                address,
                decision.ordinal(),
                place(address, result, pageShift),
                rights,
                domain);
        costs[cacheHit ? HITS : MISSES]++;
    }

    private static long place(long address, long result, int pageShift) {
        return pageShift == 0 ? result : result | address & (1L << pageShift) - 1;
    }

    @Override
    public void translationAnswer(
            int requester,
            int pasid,
            long address,
            AtsStatus status,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int bits,
            boolean cacheHit) {
        long kind = (long) status.name().hashCode() << Integer.SIZE | pageShift;
        add(What.ANSWER, requester, pasid, address, decision.ordinal(), result, bits, kind);
        costs[cacheHit ? HITS : MISSES]++;
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        add(What.COMMAND, ringBase + ringHead, qword0, qword1, 0, 0, 0, 0);
    }

    @Override
    public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
        add(What.GUEST_COMMAND, guest, ringHead, qword0, qword1, 0, 0, 0);
    }

    @Override
    public void completionStore(long address, long data) {
        add(What.COMPLETION, address, data, 0, 0, 0, 0, 0);
    }

    @Override
    public void guestCompletionStore(int guest, long guestAddress, long address, long data) {
        add(What.GUEST_COMPLETION, guest, address, data, 0, 0, 0, 0);
    }

    @Override
    public void logEntry(LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        add(What.LOG_ENTRY, log.ordinal(), ringOffset, qword0, qword1, written ? 1 : 0, 0, 0);
    }

    @Override
    public void guestLogEntry(int guest, LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        add(What.GUEST_LOG_ENTRY, guest, log.ordinal(), ringOffset, qword0, qword1, written ? 1 : 0, 0);
    }

    @Override
    public void interrupt(
            int requester,
            InterruptDecision decision,
            long requestAddress,
            int requestData,
            long deliveredAddress,
            int deliveredData,
            int irteBytes,
            long irteAddress,
            long irteLow,
            long irteHigh) {
        add(What.INTERRUPT, requester, decision.ordinal(), deliveredAddress, deliveredData, 0, 0, 0);
    }

    @Override
    public void ownInterrupt(OwnInterrupt source, long address, int data) {
        add(What.OWN_INTERRUPT, source.ordinal(), address, data, 0, 0, 0, 0);
    }

    @Override
    public void guestInterrupt(int guest, GuestSignal signal) {
        add(What.GUEST_INTERRUPT, guest, signal.ordinal(), 0, 0, 0, 0, 0);
    }

    @Override
    public void pageResponse(int requester, int pasid, int tagOrGroup, int code) {
        add(What.PAGE_RESPONSE, requester, pasid, tagOrGroup, code, 0, 0, 0);
    }

    @Override
    public void tableEntryMarked(long entryAddress, long oldEntry, long newEntry) {
        add(What.ENTRY_MARKED, entryAddress, oldEntry, newEntry, 0, 0, 0, 0);
    }

    @Override
    public void guestStopped(int guest) {
        add(What.GUEST_STOPPED, guest, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public void notModelled(Feature feature, long detail) {
        add(What.NOT_MODELLED, feature.ordinal(), detail, 0, 0, 0, 0, 0);
    }

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        costs[DEVICE_ENTRIES] += fromCache ? 0 : 1;
    }

    @Override
    public void walkStep(int level, long entryAddress, long entry) {
        costs[TABLE_ENTRIES]++;
    }

    @Override
    public void guestWalkStep(GuestTable table, int level, long entryAddress, long entry) {
        costs[TABLE_ENTRIES]++;
    }

    @Override
    public void privateWalkStep(int guest, int level, long entryAddress, long entry) {
        costs[TABLE_ENTRIES]++;
    }

    @Override
    public void walkCacheHit(WalkCache cache, int level, int domain, long address) {
        costs[SPARED]++;
    }

    @Override
    public void translationsInvalidated(int domain, long address, long sizeBytes, int pages) {
        costs[DROPPED] += pages;
    }

    @Override
    public void prefetched(
            int requester, int pasid, long address, TranslationDecision decision, int domain, boolean cacheHit) {
        costs[PREFETCHED]++;
    }
}
