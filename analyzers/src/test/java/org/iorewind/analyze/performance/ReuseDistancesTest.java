package org.iorewind.analyze.performance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Stack distances are what a list of pages in the order of their last use says. */
class ReuseDistancesTest {
    @Test
    void aPageThatIsUsedAgainAtOnceHasDistanceZero() {
        ReuseDistances reuse = new ReuseDistances();
        reuse.used(5, 0);
        reuse.used(5, 1);
        assertThat(reuse.result().firstUses()).isOne();
        assertThat(reuse.result().distances().count()).isOne();
        assertThat(reuse.result().distances().largest()).isZero();
    }

    @Test
    void theLargestDistanceAndTheHitsOfEachSizeAgreeWithAPlainList() {
        ReuseDistances reuse = new ReuseDistances();
        List<Long> stack = new ArrayList<>();
        Random random = new Random(7);
        long hitsAt16 = 0;
        long largest = 0;
        for (int i = 0; i < 5_000; i++) {
            long page = random.nextInt(random.nextBoolean() ? 10 : 90);
            int at = stack.indexOf(page);
            if (at >= 0) {
                hitsAt16 += at < 16 ? 1 : 0;
                largest = Math.max(largest, at);
                stack.remove(at);
            }
            stack.add(0, page);
            reuse.used(page, i);
        }
        Performance.Reuse result = reuse.result();
        assertThat(result.distances().largest()).isEqualTo(largest);
        assertThat(result.hitsAt().get(0).hits()).isEqualTo(hitsAt16);
        assertThat(result.firstUses()).isEqualTo(stack.size());
    }

    @Test
    void moreUsesThanThereArePlacesForgetOnlyTheOldest() {
        ReuseDistances reuse = new ReuseDistances();
        for (int i = 0; i < 400_000; i++) {
            reuse.used(i % 3, i);
        }
        assertThat(reuse.result().firstUses()).isEqualTo(3);
        assertThat(reuse.result().distances().largest()).isEqualTo(2);
    }
}
