package org.iorewind.analyze;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.replay.Words;
import org.jspecify.annotations.Nullable;

/** What happened to an address in one space of a device. A long life is cut in the middle. Not thread-safe. */
final class AddressLife {
    private static final int FIRST_KEPT = 4;
    private static final int LAST_KEPT = 12;

    private final List<FaultExplanation.Happening> first = new ArrayList<>();
    private final ArrayDeque<FaultExplanation.Happening> last = new ArrayDeque<>();
    private final long address;
    private DeviceSpace space;
    private @Nullable Probe now;
    private long dropped;
    private boolean wasMapped;
    private boolean wasUsed;
    private boolean isFlushPending;
    private boolean isAway;
    private boolean isByShadow;
    private long usedResult = -1;
    private long mappedTo;
    private long mappedAt;
    private long mappedAtNs;
    private long leftAt;
    private AddressStory.@Nullable Turn mapping;
    private AddressStory.@Nullable Turn unmapping;
    private AddressStory.@Nullable Turn change;
    private boolean isUnmappedAway;
    private long flushedAt = -1;

    AddressLife(DeviceSpace space, long address) {
        this.space = space;
        this.address = address;
    }

    DeviceSpace space() {
        return space;
    }

    /** The space is the same one, and more is known of it now, or it has got levels on top. */
    void knownAs(DeviceSpace better) {
        space = better;
    }

    /** What the tables say of the address now, in this space. */
    void look(Probe probe, boolean isShadowSync, CallMoment moment) {
        Probe before = now;
        now = probe;
        boolean mapped = probe.decision() == TranslationDecision.TRANSLATED;
        boolean wasMappedNow = isMapped(before);
        if (mapped && (before == null || !wasMappedNow || before.result() != probe.result())) {
            wasMapped = true;
            isFlushPending = true;
            isByShadow = isShadowSync;
            mapping = turn(moment, before, probe);
            change = mapping;
            mappedTo = probe.result();
            mappedAt = moment.sequence();
            mappedAtNs = moment.timeNs();
            add(moment, "mapped to " + Words.hex(probe.result()) + ", " + rights(probe.rights()));
        } else if (mapped && before != null && before.rights() != probe.rights()) {
            isFlushPending = true;
            change = turn(moment, before, probe);
            add(moment, "rights changed from " + rights(before.rights()) + " to " + rights(probe.rights()));
        } else if (!mapped && wasMappedNow) {
            isFlushPending = true;
            unmapping = turn(moment, before, probe);
            change = unmapping;
            isUnmappedAway = isAway;
            flushedAt = -1;
            add(moment, (isAway ? "no longer mapped when the device came back: " : "unmapped: ") + probe.reason());
        }
        isAway = false;
    }

    private static AddressStory.Turn turn(CallMoment moment, @Nullable Probe before, Probe after) {
        return new AddressStory.Turn(
                moment.sequence(), before == null ? "not looked up there" : Words.page(before), Words.page(after));
    }

    /** What mapped it last, or null. */
    AddressStory.@Nullable Turn mapping() {
        return mapping;
    }

    /** What changed last what the tables say of it, or null. */
    AddressStory.@Nullable Turn change() {
        return change;
    }

    /** What ended the last mapping, if it has ended. */
    AddressStory.@Nullable Turn unmapping() {
        return isMapped(now) ? null : unmapping;
    }

    /** Whether that happened while the device was elsewhere. */
    boolean isUnmappedAway() {
        return isUnmappedAway;
    }

    /** The first event behind the last change that dropped cached translations of the address; -1 if there is none. */
    long flushedAt() {
        return flushedAt;
    }

    /** When the device left for another space last, or 0. */
    long leftAt() {
        return leftAt;
    }

    private static boolean isMapped(@Nullable Probe probe) {
        return probe != null && probe.decision() == TranslationDecision.TRANSLATED;
    }

    /** The device's addresses are looked up in this space from now on, or here no more. */
    void entered(CallMoment moment, String why) {
        add(moment, why);
    }

    /** They are looked up elsewhere from now on. */
    void left(CallMoment moment, String why) {
        isAway = true;
        leftAt = moment.sequence();
        add(moment, why);
    }

    /** Cached translations were dropped: of a domain, or all (-1); in a range, or everywhere (length 0 or less). */
    void flushed(int ofDomain, long from, long length, CallMoment moment) {
        boolean covers = length <= 0
                || Long.compareUnsigned(address, from) >= 0 && Long.compareUnsigned(address - from, length) < 0;
        if (isFlushPending && (ofDomain == space.domain() || ofDomain < 0) && covers) {
            isFlushPending = false;
            flushedAt = flushedAt < 0 ? moment.sequence() : flushedAt;
            String whose =
                    ofDomain < 0 ? "all cached translations" : "cached translations of domain " + Words.hex(ofDomain);
            add(moment, whose + " dropped");
        }
    }

    /** The recorded device translated this page for the device. */
    void used(long result, CallMoment moment) {
        wasUsed = true;
        isFlushPending = true;
        if (usedResult != result) {
            usedResult = result;
            add(moment, "used: translated to " + Words.hex(result));
        }
    }

    private void add(CallMoment moment, String what) {
        FaultExplanation.Happening happening =
                new FaultExplanation.Happening(moment.sequence(), moment.timeNs(), what + moment.by());
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

    /** Whether the tables ever mapped the address. */
    boolean wasMapped() {
        return wasMapped;
    }

    /** Whether the recorded device ever translated the page for the device. */
    boolean wasUsed() {
        return wasUsed;
    }

    /** Whether it was mapped, is no more, and was not mapped as a copy of what a guest's tables say. */
    boolean isOverOutsideShadow() {
        return wasMapped && !isByShadow && !isMapped(now);
    }

    /** This life in one line, for the story of another space. */
    FaultExplanation.Happening inShort() {
        String until = leftAt > mappedAt ? ", which the device left at " + Notation.sequence(leftAt) : "";
        return new FaultExplanation.Happening(
                mappedAt,
                mappedAtNs,
                "mapped to " + Words.hex(mappedTo) + " in another address space (" + space.describe() + ")" + until);
    }

    /** What happened, oldest first; a long life is cut in the middle and says so. */
    List<FaultExplanation.Happening> happenings() {
        List<FaultExplanation.Happening> all = new ArrayList<>(first);
        if (dropped > 0) {
            FaultExplanation.Happening next = Objects.requireNonNull(last.peekFirst());
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
