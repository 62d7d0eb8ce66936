package org.iorewind.analyze.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Findings.Words;
import org.iorewind.analyze.rule.Rule;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.analyze.rule.Where;
import org.iorewind.analyze.text.Notation;
import org.iorewind.trace.schema.EventTable;

/** What the rules of invalidation say, in words. Not thread-safe. */
final class InvalidationReports {
    private static final int MOST_SPACES = 4096;

    private static final class Late {
        private final long first;
        private final long timeNs;
        private final Words words;
        private long last;
        private long count = 1;

        private Late(long first, long timeNs, Words words) {
            this.first = first;
            this.last = first;
            this.timeNs = timeNs;
            this.words = words;
        }
    }

    private final Moment now;
    private final Findings findings;
    private final Map<AddressSpace, Late> lates = new LinkedHashMap<>();

    InvalidationReports(Moment now, Findings findings) {
        this.now = now;
        this.findings = findings;
    }

    private static Where where(PendingChange change) {
        return InvalidationRules.where(change.space());
    }

    private static String what(PendingChange change) {
        String range = change.bytes() == 4096
                ? "page " + Notation.hex(change.first())
                : Notation.hex(change.first()) + " (" + Notation.size(change.bytes()) + ")";
        String whose = change.space().isGuests()
                ? "PASID " + Notation.hex(change.space().pasid())
                : "domain " + Notation.hex(change.space().domain());
        return range + " of " + whose;
    }

    private static Evidence taken(PendingChange change) {
        return new Evidence(
                change.sequence(),
                change.isTable()
                        ? "level " + (change.key() & 7) + " table " + Notation.hex(change.target()) + " unlinked"
                        : "entry of " + Notation.hex(change.first()) + " changed, away from "
                                + Notation.hex(change.target()));
    }

    private void report(Rule rule, PendingChange change, String summary, Evidence... more) {
        report(rule, rule.severity(), change, summary, more);
    }

    private void report(Rule rule, Severity severity, PendingChange change, String summary, Evidence... more) {
        findings.report(rule, severity, where(change), now.sequence(), now.timeNs(), () -> {
            List<Evidence> evidence = new ArrayList<>();
            evidence.add(taken(change));
            evidence.addAll(List.of(more));
            evidence.removeIf(each -> each.sequence() < 0);
            return new Words(summary, evidence);
        });
    }

    private Evidence here(String what) {
        return new Evidence(now.sequence(), what);
    }

    void missing(PendingChange change, String how) {
        if (change.misdirectedAt() >= 0) {
            String other = Notation.hex(change.misdirectedTo());
            report(
                    ProtocolRules.WRONG_DOMAIN,
                    change,
                    what(change) + " changed, and domain " + other + " was invalidated in its place; then " + how + ".",
                    new Evidence(change.misdirectedAt(), "the range was invalidated for domain " + other),
                    here(how));
            return;
        }
        String left = change.untold().length < change.space().domains().length
                ? " Other DomainIDs of the same tables were told; " + Notation.hex(change.untold()[0]) + " was not."
                : "";
        report(
                ProtocolRules.MISSING_INVALIDATION,
                change,
                what(change) + " changed and was not invalidated when " + how + "." + left,
                here(how));
    }

    void notWaited(PendingChange change) {
        boolean isMisordered = change.waitBefore() >= 0;
        report(
                isMisordered ? ProtocolRules.WAIT_MISORDERED : ProtocolRules.WAIT_OMITTED,
                change,
                what(change) + " was invalidated, and mapped again before any COMPLETION_WAIT behind the invalidation"
                        + (isMisordered ? "; one stood before it." : "."),
                new Evidence(change.waitBefore(), "COMPLETION_WAIT"),
                new Evidence(change.toldAt(), "INVALIDATE_IOMMU_PAGES"),
                here("mapped again"));
    }

    void late(PendingChange change, AddressSpace space, long address) {
        Late late = lates.get(change.space());
        if (late != null) {
            late.count++;
            late.last = now.sequence();
        } else if (lates.size() < MOST_SPACES) {
            String summary = "Page " + Notation.hex(change.target()) + " was mapped at " + Notation.hex(address)
                    + " of domain " + Notation.hex(space.domain()) + " while " + what(change)
                    + ", which led to it, was not flushed yet";
            lates.put(
                    change.space(),
                    new Late(
                            now.sequence(),
                            now.timeNs(),
                            new Words(summary, List.of(taken(change), here("the page was mapped elsewhere")))));
        }
    }

    /** Only at the end it is known which tables are flushed late on purpose. */
    void lateOnes(FlushHabits habits) {
        lates.forEach((space, late) -> {
            boolean isDeferred = habits.isDeferred(space);
            Words words = new Words(
                    late.words.summary()
                            + (isDeferred ? " (these tables are flushed as a whole, some time later)." : "."),
                    late.words.evidence());
            findings.report(
                    ProtocolRules.LATE_INVALIDATION,
                    isDeferred ? Severity.INFO : Severity.WARNING,
                    InvalidationRules.where(space),
                    new Findings.Span(late.first, late.last, late.count, late.timeNs),
                    words);
        });
    }

    void cannotJudge(Rule rule) {
        findings.cannotJudge(rule, FlushHabits.NOT_STORES);
    }

    void stale(PendingChange change, int device, long address, long result) {
        findings.report(
                ProtocolRules.STALE_TRANSLATION,
                new Where(change.space().iommu(), device, change.space().domain()),
                now.sequence(),
                now.timeNs(),
                () -> new Words(
                        EventTable.bdf(device) + " reached " + Notation.hex(result) + " by " + Notation.hex(address)
                                + " from the cache; " + what(change) + " had been changed "
                                + Notation.count(now.sequence() - change.sequence(), "event") + " before and "
                                + (change.isTold() ? "nobody had waited for its flush." : "was not flushed."),
                        List.of(taken(change), here("request decided from the cache"))));
    }

    void tableReused(PendingChange change, String how) {
        report(
                ProtocolRules.TABLE_REUSED,
                change,
                "Table page " + Notation.hex(change.target()) + " " + how + " before directories of " + what(change)
                        + " were flushed" + (change.isTold() ? " and waited for." : "."),
                new Evidence(change.narrowlyTold(), "INVALIDATE_IOMMU_PAGES with PDE=0"),
                here(how));
    }

    void withoutDirectories(PendingChange change) {
        report(
                ProtocolRules.TABLE_WITHOUT_PDE,
                change,
                "Table page " + Notation.hex(change.target()) + " under " + what(change)
                        + " was taken away, and its range was invalidated with PDE=0 only.",
                new Evidence(change.narrowlyTold(), "INVALIDATE_IOMMU_PAGES with PDE=0"));
    }
}
