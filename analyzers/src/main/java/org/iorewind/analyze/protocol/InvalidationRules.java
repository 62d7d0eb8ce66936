package org.iorewind.analyze.protocol;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Rule;
import org.iorewind.analyze.rule.Where;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.memory.SparseMemory;
import org.jspecify.annotations.Nullable;

/** What was taken away has to be invalidated and waited for before it is used again. Not thread-safe. */
final class InvalidationRules implements ShadowListener {
    private static final int PAGE_SHIFT = 12;
    private static final int NO_CHANGE = 0;
    private static final long NEVER = -1;
    private static final List<Rule> JUDGE_STORES = List.of(
            ProtocolRules.STALE_TRANSLATION,
            ProtocolRules.MISSING_INVALIDATION,
            ProtocolRules.LATE_INVALIDATION,
            ProtocolRules.WRONG_DOMAIN,
            ProtocolRules.WAIT_OMITTED,
            ProtocolRules.WAIT_MISORDERED,
            ProtocolRules.TABLE_WITHOUT_PDE,
            ProtocolRules.TABLE_REUSED,
            ProtocolRules.WIDER_THAN_USED,
            ProtocolRules.MORE_WRITABLE);

    private final Moment now;
    private final InvalidationReports reports;
    private final Windows windows;
    private final FlushHabits habits;
    private final UnmapFollower follower;
    private final boolean isFollowed;
    private final Set<AddressSpace> dirty = new LinkedHashSet<>();
    private final Long2ObjectHashMap<PendingChange> byTarget = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<PendingChange> byTable = new Long2ObjectHashMap<>();
    /** Of the invalidation at hand. */
    private final List<PendingChange> touched = new ArrayList<>();

    private final Int2ObjectHashMap<List<PendingChange>> awaiting = new Int2ObjectHashMap<>();
    private final Long2LongHashMap lastWait = new Long2LongHashMap(NEVER);
    private long doorbell;
    private long changes;
    private int ring;
    private boolean isWitnessed;

    InvalidationRules(Moment now, Findings findings, Windows windows, UnmapFollower follower) {
        this.now = now;
        this.reports = new InvalidationReports(now, findings);
        this.windows = windows;
        this.follower = follower;
        this.isFollowed = !follower.equals(UnmapFollower.NONE);
        this.habits = new FlushHabits(now, findings);
    }

    /** Whether anything waits to be invalidated. */
    boolean isAnythingPending() {
        return !dirty.isEmpty();
    }

    /** A write to a command tail: what was waited for before says nothing of commands behind it. */
    void doorbell() {
        doorbell = now.sequence();
    }

    @Override
    public void pageChanged(
            AddressSpace space, long address, int level, int shift, long before, long after, boolean isCertain) {
        habits.changed();
        if (!space.isLive()) {
            return;
        }
        boolean was = Entries.isPresent(before);
        boolean is = Entries.isPresent(after);
        if (!isCertain) {
            forget(space, address);
            return;
        }
        long oldTarget = was ? Entries.target(space, before, level, address) : -1;
        long newTarget = is ? Entries.target(space, after, level, address) : -1;
        boolean isOther = was != is || oldTarget != newTarget;
        if (is && isOther) {
            windows.mapped(1L << shift);
            if (isFollowed) {
                follower.mapped(mapping(space, address, 1L << shift));
            }
            given(space, address, newTarget);
        }
        boolean isReduced = was && is && (Entries.rights(space, before) & ~Entries.rights(space, after)) != NO_CHANGE;
        if (was && isOther) {
            windows.unmapped(1L << shift);
        }
        if (was && (isOther || isReduced)) {
            taken(space, address, 1L << shift, space.system(oldTarget), NO_CHANGE);
        }
    }

    /** What is found in memory some time after it changed says nothing of the order. */
    private void forget(AddressSpace space, long address) {
        PendingChange change = space.pending().at(address);
        if (change != null && !change.isTable()) {
            drop(change);
        }
    }

    private void taken(AddressSpace space, long address, long bytes, long target, int tableLevel) {
        PendingChange change = new PendingChange(
                ++changes, space, address, bytes, target, tableLevel, now.sequence(), now.timeNs(), space.domains());
        if (space.pending().isEmpty()) {
            dirty.add(space);
        }
        space.pending().put(change);
        if (isFollowed && !change.isTable()) {
            follower.unmapped(change.id(), mapping(space, address, bytes));
        }
        Long2ObjectHashMap<PendingChange> index = tableLevel > 0 ? byTable : byTarget;
        if (target >= 0 && index.size() < SparseMemory.MOST_RECORDED_PAGES) {
            index.put(target >>> PAGE_SHIFT, change);
        }
    }

    private void given(AddressSpace space, long address, long target) {
        PendingChange change = space.pending().at(address);
        // A store that replaces a table by a page, or a page by another, takes and gives at once.
        if (change != null && !change.isReported() && change.sequence() != now.sequence()) {
            if (change.isTold()) {
                reports.notWaited(change);
                drop(change);
            } else {
                change.reported();
                reports.missing(change, "the address was mapped again");
            }
        }
        long page = space.system(target);
        @Nullable PendingChange other = page < 0 ? null : byTarget.get(page >>> PAGE_SHIFT);
        if (other != null
                && !other.isTold()
                && !other.isReported()
                && (other.space() != space || other.first() != address)) {
            reports.late(other, space, address);
        }
        windows.given(space, address, now);
    }

    @Override
    public void tableLinked(AddressSpace space, TablePage table) {
        reused(table.address(), "became a table of another place");
    }

    @Override
    public void unlinkedStored(TablePage table, long entryAddress, long entry) {
        if (Entries.isPresent(entry)) {
            reused(table.address(), "got new content at " + Notation.hex(entryAddress));
        }
    }

    private void reused(long table, String how) {
        @Nullable PendingChange change = byTable.remove(table >>> PAGE_SHIFT);
        if (change != null && !change.isReported()) {
            change.reported();
            reports.tableReused(change, how);
        }
    }

    @Override
    public void tableUnlinked(AddressSpace space, TablePage table, boolean isCertain) {
        habits.changed();
        if (isCertain && space.isLive()) {
            taken(space, table.first(), 1L << Entries.shift(table.level() + 1), table.address(), table.level());
        }
    }

    @Override
    public void attachmentChanged(int iommu, int device) {
        habits.changed();
    }

    /** The commands that follow are of this ring: of the host (-1), or of a guest. */
    void onRing(int guest) {
        ring = now.iommu() << 17 | guest + 1;
    }

    /** INVALIDATE_IOMMU_PAGES. */
    void invalidated(Invalidation what) {
        touched.clear();
        Consumer<PendingChange> teller = change -> tell(change, what);
        for (AddressSpace space : dirty) {
            if (space.iommu() == now.iommu() && !space.pending().areAllTold() && what.concerns(space)) {
                space.pending().forOverlapping(what.first(), what.last(), teller);
            }
        }
        if (touched.isEmpty()) {
            misdirected(what);
        }
        habits.invalidated(what, touched);
    }

    private void tell(PendingChange change, Invalidation what) {
        if (change.isTold() || !what.concerns(change)) {
            return;
        }
        if (change.isTable() && !what.isWithDirectories()) {
            change.narrowlyTold(now.sequence());
            return;
        }
        change.told(what.domain(), now.sequence());
        touched.add(change);
        if (change.isTold()) {
            told(change);
        }
    }

    private void told(PendingChange change) {
        change.space().pending().told(change);
        windows.told(change, now);
        if (isFollowed && !change.isTable()) {
            follower.invalidated(change.id());
        }
        long wait = lastWait.get(ring);
        if (wait != NEVER && wait >= doorbell) {
            change.waitedBefore(wait);
        }
        awaiting.computeIfAbsent(ring, key -> new ArrayList<>()).add(change);
    }

    private void misdirected(Invalidation what) {
        for (AddressSpace space : dirty) {
            if (space.iommu() == now.iommu()
                    && !space.pending().areAllTold()
                    && !space.hasDomain(what.domain())
                    && what.isOfKind(space)) {
                space.pending().forOverlapping(what.first(), what.last(), change -> misdirected(change, what));
            }
        }
    }

    private void misdirected(PendingChange change, Invalidation what) {
        if (!change.isTold() && !change.isTable()) {
            change.misdirected(what.domain(), now.sequence());
        }
    }

    /** INVALIDATE_IOMMU_ALL. */
    void invalidatedAll() {
        for (AddressSpace space : dirty) {
            if (space.iommu() == now.iommu()) {
                for (PendingChange change : space.pending().all()) {
                    if (!change.isTold()) {
                        change.toldAll(now.sequence());
                        told(change);
                    }
                }
            }
        }
    }

    /** COMPLETION_WAIT: all before it on its ring are done. */
    void waited() {
        lastWait.put(ring, now.sequence());
        @Nullable List<PendingChange> done = awaiting.get(ring);
        if (done != null) {
            for (PendingChange change : done) {
                windows.waited(change, now);
                if (isFollowed && !change.isTable()) {
                    follower.waited(change.id(), mapping(change.space(), change.first(), change.bytes()));
                }
                drop(change);
            }
            done.clear();
        }
    }

    private void drop(PendingChange change) {
        AddressSpace space = change.space();
        space.pending().remove(change);
        Long2ObjectHashMap<PendingChange> index = change.isTable() ? byTable : byTarget;
        if (index.get(change.target() >>> PAGE_SHIFT) == change) {
            index.remove(change.target() >>> PAGE_SHIFT);
        }
        if (space.pending().isEmpty()) {
            dirty.remove(space);
        }
    }

    /** The change that a request's cached translation may be older than, or null. */
    @Nullable
    PendingChange olderThan(AddressSpace space, long address) {
        return space.pending().at(address);
    }

    /** A device used what was taken away. */
    void stale(PendingChange change, int device, long address, long result) {
        reports.stale(change, device, address, result);
    }

    /** Events are missing: what was pending may have been flushed. */
    void forgetAll() {
        dirty.forEach(space -> space.pending().clear());
        dirty.clear();
        byTarget.clear();
        byTable.clear();
        awaiting.clear();
    }

    /** Content was found in memory some time after it changed. */
    void witnessed() {
        habits.lacksStores();
        isWitnessed = true;
    }

    /** The recording is over. */
    void end() {
        if (isWitnessed) {
            JUDGE_STORES.forEach(reports::cannotJudge);
        }
        for (AddressSpace space : dirty) {
            if (!space.isLive()) {
                continue;
            }
            for (PendingChange change : space.pending().all()) {
                if (change.isReported() || change.isTold()) {
                    continue;
                }
                if (change.isTable()) {
                    if (change.narrowlyTold() >= 0) {
                        reports.withoutDirectories(change);
                    }
                } else if (change.misdirectedAt() >= 0 || change.sequence() < space.youngestTold()) {
                    reports.missing(change, "younger changes of the same tables were flushed");
                }
            }
        }
        reports.lateOnes(habits);
        habits.end();
    }

    private static UnmapFollower.Mapping mapping(AddressSpace space, long address, long bytes) {
        return new UnmapFollower.Mapping(space.iommu(), space.domain(), address, bytes);
    }

    /** Where a finding about a tree belongs. */
    static Where where(AddressSpace space) {
        return new Where(space.iommu(), space.device(), space.domain());
    }
}
