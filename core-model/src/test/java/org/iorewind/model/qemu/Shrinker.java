package org.iorewind.model.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a failing program short: steps are left out, many at once and then one by one, as long as it still fails. */
final class Shrinker {
    private Shrinker() {}

    /** The shortest failing program found. */
    static List<Step> shrink(List<Step> failing, Predicate<List<Step>> fails) {
        List<Step> shortest = new ArrayList<>(failing);
        for (int chunk = Math.max(1, shortest.size() / 2); chunk >= 1; chunk /= 2) {
            boolean isShorter = true;
            while (isShorter) {
                isShorter = false;
                for (int from = shortest.size() - chunk; from >= 0; from -= chunk) {
                    List<Step> without = new ArrayList<>(shortest);
                    without.subList(from, from + chunk).clear();
                    if (fails.test(without)) {
                        shortest = without;
                        isShorter = true;
                        from = Math.min(from, shortest.size());
                    }
                }
            }
        }
        return shortest;
    }
}
