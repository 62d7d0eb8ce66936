package org.iorewind.analyze.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Takes findings: those of one rule about the same device or domain are one, which is counted. Bounded: further ones are
 * counted by rule only. Not thread-safe.
 */
public final class Findings {
    /** So many findings of one rule are kept apart; more nobody reads. */
    static final int MOST_OF_A_RULE = 100;

    private record Key(String rule, Where where, Severity severity) {}

    private static final class Group {
        private final Finding first;
        private long count;
        private long last;

        private Group(Finding first) {
            this.first = first;
            this.last = first.firstSequence();
        }

        private Finding finding() {
            return new Finding(
                    first.rule(),
                    first.severity(),
                    first.firstSequence(),
                    last,
                    count,
                    first.timeNs(),
                    first.where(),
                    first.summary(),
                    first.evidence());
        }
    }

    private final Map<Key, Group> groups = new LinkedHashMap<>();
    private final SortedMap<String, Integer> groupsOfRule = new TreeMap<>();
    private final SortedMap<String, Long> notKept = new TreeMap<>();
    private final SortedMap<String, String> notJudged = new TreeMap<>();

    /** Nothing yet. */
    public Findings() {}

    /**
     * What a finding says, in words: asked for only when the finding is the first of its kind.
     *
     * @param summary what happened, in a sentence or two
     * @param evidence events it rests on, in order
     */
    public record Words(String summary, List<Evidence> evidence) {}

    /**
     * A rule was broken.
     *
     * @param rule one of the analyzer's
     * @param where whom it concerns
     * @param sequence of the event that shows it
     * @param timeNs of that event
     * @param words is asked only when this is the first of its kind
     */
    public void report(Rule rule, Where where, long sequence, long timeNs, Supplier<Words> words) {
        report(rule, rule.severity(), where, sequence, timeNs, words);
    }

    /** The same for a case of another severity than the rule's usual one. */
    public void report(Rule rule, Severity severity, Where where, long sequence, long timeNs, Supplier<Words> words) {
        Key key = new Key(rule.id(), where, severity);
        Group group = groups.get(key);
        if (group == null) {
            int others = groupsOfRule.getOrDefault(rule.id(), 0);
            if (others >= MOST_OF_A_RULE) {
                notKept.merge(rule.id(), 1L, Long::sum);
                return;
            }
            groupsOfRule.put(rule.id(), others + 1);
            Words said = words.get();
            group = new Group(
                    new Finding(rule, severity, sequence, sequence, 1, timeNs, where, said.summary(), said.evidence()));
            groups.put(key, group);
        }
        group.count++;
        group.last = sequence;
    }

    /**
     * When many like cases happened.
     *
     * @param first sequence number of the first
     * @param last of the last
     * @param count how many
     * @param timeNs of the first
     */
    public record Span(long first, long last, long count, long timeNs) {}

    /** The same for many cases that the analyzer has counted. */
    public void report(Rule rule, Severity severity, Where where, Span span, Words words) {
        report(rule, severity, where, span.first(), span.timeNs(), () -> words);
        Group group = groups.get(new Key(rule.id(), where, severity));
        if (group != null) {
            group.count += span.count() - 1;
            group.last = span.last();
        }
    }

    /** A rule cannot judge this recording, or a part of it. */
    public void cannotJudge(Rule rule, String why) {
        notJudged.putIfAbsent(rule.id(), why);
    }

    /** All, the most serious first, then in order of their first event. */
    public List<Finding> list() {
        List<Finding> all = new ArrayList<>();
        groups.values().forEach(group -> all.add(group.finding()));
        all.sort(Comparator.comparing(Finding::severity)
                .reversed()
                .thenComparingLong(Finding::firstSequence)
                .thenComparing(finding -> finding.rule().id()));
        return all;
    }

    /** How many cases are in no finding since their rule has {@link #MOST_OF_A_RULE} already, by rule. */
    public SortedMap<String, Long> notKept() {
        return new TreeMap<>(notKept);
    }

    /** Rules that could not judge, and why. */
    public SortedMap<String, String> notJudged() {
        return new TreeMap<>(notJudged);
    }
}
