package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import org.iorewind.model.iommu.cache.CacheGeometry;
import org.iorewind.model.iommu.cache.WalkCacheGeometry;

/** Reference 9.2: with the invalidations that each change of the tables asks for, no cache ever makes an answer wrong. */
class WalkCachePropertyTest {
    private static final long EVERYTHING_WITH_PDE = 0x7FFF_FFFF_FFFF_F003L;
    private static final long GUEST = 4;
    private static final int REQUESTS = 60;
    private static final String NOT_PRESENT = "PAGE_NOT_PRESENT 0";
    private static final String NO_RIGHT = "NO_PERMISSION 50";

    /** Caches of any small geometry, so that evictions happen all the time. */
    static UnaryOperator<IommuOptions.Builder> anyCaches(Random random) {
        return builder -> builder.tlb(1 << random.nextInt(3), 1 + random.nextInt(3))
                .notPresentCached(random.nextBoolean())
                .walkCaches(new WalkCacheGeometry(any(random), any(random), any(random)));
    }

    private static CacheGeometry any(Random random) {
        return random.nextInt(5) == 0
                ? CacheGeometry.OFF
                : new CacheGeometry(1 << random.nextInt(4), 1 + random.nextInt(4));
    }

    @Property(tries = 1500)
    void nestedAnswersStayRightUnderTheInvalidationsThatChangesAskFor(@ForAll long seed) {
        Random random = new Random(seed);
        NestedCase first = NestedCase.draw(random, AccessKind.READ, anyCaches(random));
        Machine machine = first.machine();
        for (int i = 0; i < REQUESTS; i++) {
            if (random.nextInt(8) == 0) {
                change(machine, random);
            }
            NestedCase request = first.another(random);
            String expected = new NaiveNestedWalk(request).translate();
            String actual = request.ask();
            assertThat(actual).isEqualTo(isHeldNotPresent(machine, actual, expected) ? NOT_PRESENT : expected);
        }
        CacheStatistics done = machine.iommu.statistics();
        Statistics.label("a guest directory served")
                .collect(done.guestDirectories().get(0).hits()
                                + done.gcr3Results().hits()
                        > 0)
                .coverage(coverage -> coverage.check(true).percentage(percent -> percent > 10));
        Statistics.label("a host translation of a guest table served")
                .collect(done.guestPhysical().hits() > 0)
                .coverage(coverage -> coverage.check(true).percentage(percent -> percent > 10));
        Statistics.label("something was evicted")
                .collect(done.guestTlb().evictions() > 0)
                .coverage(coverage -> coverage.check(true).percentage(percent -> percent > 5));
    }

    /** Whether NpCache refused what a walk refuses too, but for a right that it misses on the way to the same gap (MC-125). */
    private static boolean isHeldNotPresent(Machine machine, String actual, String expected) {
        boolean isHit =
                machine.translations.get(machine.translations.size() - 1).hit();
        return isHit
                && machine.iommu.options().isNotPresentCached()
                && actual.equals(NOT_PRESENT)
                && expected.equals(NO_RIGHT);
    }

    /** One entry changes; the commands follow that drop what may have come from it, for host or guest tables. */
    private static void change(Machine machine, Random random) {
        boolean isHost = random.nextBoolean();
        long at = isHost
                ? NestedCase.HOST_TABLES + 4096 * (1 + random.nextInt(6)) + 8 * random.nextInt(3)
                : NestedCase.POOL + 4096 * random.nextInt(NestedCase.POOL_PAGES) + 8 * random.nextInt(7);
        machine.memory.writeLong(at, machine.memory.peek(at) ^ 1L << random.nextInt(64));
        if (isHost) {
            machine.command(3L << 60 | (long) Machine.DOMAIN << 32, EVERYTHING_WITH_PDE);
            return;
        }
        for (int pasid = 0; pasid < 3; pasid++) {
            machine.command(3L << 60 | (long) Machine.DOMAIN << 32 | pasid, EVERYTHING_WITH_PDE | GUEST);
        }
    }
}
