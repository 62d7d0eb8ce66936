package org.iorewind.analyze.protocol;

import org.iorewind.analyze.rule.Findings.Span;

/** Cases of one kind that are counted now and told at the end. Not thread-safe. */
final class Cases {
    private long count;
    private long first;
    private long last;
    private long firstTimeNs;

    /** One more; whether it is the first. */
    boolean add(Moment now) {
        if (count == 0) {
            first = now.sequence();
            firstTimeNs = now.timeNs();
        }
        last = now.sequence();
        return count++ == 0;
    }

    long count() {
        return count;
    }

    /** Sequence number of the first, 0 if there is none. */
    long first() {
        return first;
    }

    /** From the first to the last. */
    Span span() {
        return new Span(first, last, count, firstTimeNs);
    }
}
