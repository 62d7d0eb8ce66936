package org.iorewind.analyze.protocol;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.collections.Long2ObjectHashMap;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Findings.Words;
import org.iorewind.analyze.rule.Rule;
import org.iorewind.analyze.rule.Where;
import org.iorewind.analyze.text.Notation;
import org.jspecify.annotations.Nullable;

/** Invalidations that cost more than they have to, by domain. Not thread-safe. */
final class FlushHabits {
    private static final int MOST_DOMAINS = 4096;
    private static final long MUCH_WIDER = 8;
    private static final long FEWEST = 3;
    private static final long SHARE = 10;
    private static final int SHOWN = 3;
    static final String NOT_STORES = "tables were read when the IOMMU used them: stores and flushes have no order";

    private static final class Habit {
        private final int iommu;
        private final int domain;
        private final Cases wide = new Cases();
        private final Cases redundant = new Cases();
        private final List<Evidence> wides = new ArrayList<>();
        private final List<Evidence> redundants = new ArrayList<>();
        private long all;
        private @Nullable Invalidation last;
        private long changesAtLast;

        Habit(int iommu, int domain) {
            this.iommu = iommu;
            this.domain = domain;
        }
    }

    private final Moment now;
    private final Findings findings;
    /** By IOMMU and domain. */
    private final Long2ObjectHashMap<Habit> byPlace = new Long2ObjectHashMap<>();
    /** In the order of their first invalidation. */
    private final List<Habit> habits = new ArrayList<>();

    private final Set<AddressSpace> deferred = new HashSet<>();
    private long changes;
    private boolean isWitnessed;

    FlushHabits(Moment now, Findings findings) {
        this.now = now;
        this.findings = findings;
    }

    /** A table changed, or what uses it. */
    void changed() {
        changes++;
    }

    /** Not every store to tables is in the recording. */
    void lacksStores() {
        isWitnessed = true;
    }

    /** Whether a tree is flushed as a whole, some time after its changes. */
    boolean isDeferred(AddressSpace space) {
        return deferred.contains(space);
    }

    void invalidated(Invalidation what, List<PendingChange> touched) {
        if (habits.size() >= MOST_DOMAINS) {
            return;
        }
        Habit habit = habit(now.iommu(), what.domain());
        habit.all++;
        if (what.equals(habit.last) && habit.changesAtLast == changes) {
            habit.redundant.add(now);
            note(habit.redundants, "invalidated again");
        }
        habit.last = what;
        habit.changesAtLast = changes;
        long bytes = 0;
        boolean hasTable = false;
        for (PendingChange change : touched) {
            bytes += change.bytes();
            hasTable |= change.isTable();
            if (what.isWhole()) {
                deferred.add(change.space());
            }
        }
        if (bytes > 0 && !hasTable && what.bytes() / MUCH_WIDER > bytes) {
            habit.wide.add(now);
            note(
                    habit.wides,
                    (what.isWhole() ? "the whole domain" : Notation.size(what.bytes())) + " for " + Notation.size(bytes)
                            + " that changed");
        }
    }

    private Habit habit(int iommu, int domain) {
        long place = (long) iommu << Integer.SIZE | domain & 0xFFFF_FFFFL;
        @Nullable Habit known = byPlace.get(place);
        if (known != null) {
            return known;
        }
        Habit made = new Habit(iommu, domain);
        byPlace.put(place, made);
        habits.add(made);
        return made;
    }

    private void note(List<Evidence> notes, String what) {
        if (notes.size() < SHOWN) {
            notes.add(new Evidence(now.sequence(), what));
        }
    }

    void end() {
        if (isWitnessed) {
            for (Rule rule : List.of(ProtocolRules.WIDE_INVALIDATION, ProtocolRules.REDUNDANT_INVALIDATION)) {
                findings.cannotJudge(rule, NOT_STORES);
            }
            return;
        }
        habits.forEach(habit -> {
            report(
                    ProtocolRules.WIDE_INVALIDATION,
                    habit,
                    habit.wide,
                    habit.wides,
                    "dropped more than " + MUCH_WIDER + " times what had changed");
            report(
                    ProtocolRules.REDUNDANT_INVALIDATION,
                    habit,
                    habit.redundant,
                    habit.redundants,
                    "repeated the one before, though no table had changed");
        });
    }

    private void report(Rule rule, Habit habit, Cases cases, List<Evidence> evidence, String how) {
        if (cases.count() >= FEWEST && cases.count() * SHARE >= habit.all) {
            findings.report(
                    rule,
                    rule.severity(),
                    Where.domain(habit.iommu, habit.domain),
                    cases.span(),
                    new Words(
                            Notation.count(cases.count()) + " of " + Notation.count(habit.all, "invalidation")
                                    + " of domain " + Notation.hex(habit.domain) + " " + how + ".",
                            evidence));
        }
    }
}
