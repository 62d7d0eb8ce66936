package org.iorewind.replay.minimize;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Leaves parts out of a whole as long as what is left passes a test (Zeller and Hildebrandt 2002): halves first, then quarters,
 * and so on down to single groups, until none of them can go. The same whole and test give the same answer. Not thread-safe.
 */
public final class DeltaDebugging {
    private final Predicate<BitSet> test;
    private final BooleanSupplier isOver;
    private BitSet best;

    /**
     * A search.
     *
     * @param whole that passes the test
     * @param test whether some parts do; a set that it is given is its own to keep
     * @param isOver asked before each test: whether to be content with the best so far
     */
    public DeltaDebugging(BitSet whole, Predicate<BitSet> test, BooleanSupplier isOver) {
        this.best = whole;
        this.test = test;
        this.isOver = isOver;
    }

    /** The smallest so far that passed the test. */
    public BitSet best() {
        return (BitSet) best.clone();
    }

    /**
     * Leaves out groups.
     *
     * @param groups disjoint; what is not in {@link #best} any more does not count
     * @return whether none of the groups that are left can be left out by itself; false if it was over before that was known
     */
    public boolean reduce(List<BitSet> groups) {
        List<BitSet> left = left(groups);
        int size = Math.max(1, (left.size() + 1) / 2);
        while (!left.isEmpty()) {
            int before = left.size();
            for (int to = left.size(); to > 0; to -= size) {
                int from = Math.max(0, to - size);
                if (isOver.getAsBoolean()) {
                    return false;
                }
                BitSet candidate = best();
                left.subList(from, to).forEach(candidate::andNot);
                if (test.test((BitSet) candidate.clone())) {
                    best = candidate;
                    left.subList(from, to).clear();
                }
            }
            if (size == 1 && left.size() == before) {
                return true;
            }
            size = Math.max(1, Math.min(size, left.size() + 1) / 2);
        }
        return true;
    }

    private List<BitSet> left(List<BitSet> groups) {
        List<BitSet> left = new ArrayList<>();
        for (BitSet group : groups) {
            BitSet rest = (BitSet) group.clone();
            rest.and(best);
            if (!rest.isEmpty()) {
                left.add(rest);
            }
        }
        return left;
    }
}
