package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/**
 * Reference 3.3 and 9.2: what a stale answer can be. Software changes tables of three levels at will and invalidates now and
 * then. An answer for a page is always one that the tables gave at some moment since the last invalidation that covers the
 * page, by way of a table that they led to at some moment since the last such invalidation with PDE=1.
 */
class StaleAnswerPropertyTest {
    private static final int STEPS = 120;
    private static final long TABLES = ROOT + 0x1000;
    private static final int TABLES_EACH = 3;
    private static final long PAGES = 0x40_0000;
    /** Two entries of each level are used: eight pages in all. */
    private static final int CHOICES = 2;

    /** A table as a walk comes to it: its address and the rights so far. */
    private record Way(long table, boolean writable) {}

    /** What may be known of one page. */
    private static final class Page {
        final long iova;
        final List<Set<Way>> ways = List.of(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
        final Set<String> answers = new LinkedHashSet<>();

        Page(long iova) {
            this.iova = iova;
        }
    }

    private final List<Page> pages = new ArrayList<>();

    private static long table(int level, int number) {
        return TABLES + 4096L * (level * TABLES_EACH + number);
    }

    private static long at(long table, int level, long iova) {
        return table + (iova >>> 12 + 9 * (level - 1) & 511) * 8;
    }

    /** Adds what the tables say now by every way that may still be known. */
    private static void learn(Machine machine, Page page) {
        page.ways.get(2).add(new Way(ROOT, true));
        for (int level = 3; level > 1; level--) {
            for (Way way : page.ways.get(level - 1)) {
                long entry = machine.memory.peek(at(way.table, level, page.iova));
                if ((entry & 1) != 0) {
                    boolean writable = way.writable && (entry & READ_WRITE) == READ_WRITE;
                    page.ways.get(level - 2).add(new Way(entry & ~0xFFFL & (1L << 52) - 1, writable));
                } else {
                    page.answers.add("absent");
                }
            }
        }
        for (Way way : page.ways.get(0)) {
            long entry = machine.memory.peek(at(way.table, 1, page.iova));
            boolean writable = way.writable && (entry & READ_WRITE) == READ_WRITE;
            page.answers.add(
                    (entry & 1) == 0
                            ? "absent"
                            : Long.toHexString(entry & ~0xFFFL & (1L << 52) - 1) + (writable ? " rw" : " r"));
        }
    }

    private static void forget(Page page, boolean withDirectories) {
        page.answers.clear();
        if (withDirectories) {
            page.ways.forEach(Set::clear);
        }
    }

    private static String ask(Machine machine, Page page) {
        Machine.Translation answer = machine.read(page.iova);
        return answer.decision() == TranslationDecision.PAGE_NOT_PRESENT
                ? "absent"
                : Long.toHexString(answer.result()) + (answer.rights() == 3 ? " rw" : " r");
    }

    @Property(tries = 1500)
    void anAnswerIsOneThatWasRightSinceTheLastCoveringInvalidation(@ForAll long seed) {
        Random random = new Random(seed);
        Machine machine = Machine.started(WalkCachePropertyTest.anyCaches(random)
                .apply(IommuOptions.of(Profile.SPEC).toBuilder())
                .build());
        for (int i = 0; i < CHOICES * CHOICES * CHOICES; i++) {
            pages.add(new Page((long) (i >> 2) << 30 | (long) (i >> 1 & 1) << 21 | (long) (i & 1) << 12));
        }
        for (int i = 0; i < 40; i++) {
            change(machine, random);
        }
        machine.invalidateDirectories(DOMAIN);
        pages.forEach(page -> forget(page, true));
        pages.forEach(page -> learn(machine, page));
        boolean wasStale = false;
        for (int i = 0; i < STEPS; i++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> change(machine, random);
                case 2 -> invalidate(machine, random);
                default -> {
                    Page page = pages.get(random.nextInt(pages.size()));
                    String answer = ask(machine, page);
                    assertThat(page.answers).contains(answer);
                    wasStale |= !answer.equals(current(machine, page));
                }
            }
            pages.forEach(page -> learn(machine, page));
        }
        pages.clear();
        Statistics.label("a stale answer was seen")
                .collect(wasStale)
                .coverage(coverage -> coverage.check(true).percentage(percent -> percent > 30));
    }

    private static String current(Machine machine, Page page) {
        Page fresh = new Page(page.iova);
        learn(machine, fresh);
        return fresh.answers.iterator().next();
    }

    private static void change(Machine machine, Random random) {
        int level = 1 + random.nextInt(3);
        long table = level == 3 ? ROOT : table(level, random.nextInt(TABLES_EACH));
        long rights = random.nextInt(3) == 0 ? READ_ONLY : READ_WRITE;
        long target = level == 1
                ? PAGES + 4096L * random.nextInt(8)
                : table(level - 1, random.nextInt(TABLES_EACH)) | (long) (level - 1) << 9;
        long present = random.nextInt(6) == 0 ? 0 : 1;
        machine.memory.writeLong(table + 8L * random.nextInt(CHOICES), target | rights | present);
    }

    /** One page, 2 MiB, 1 GiB or everything; with PDE or without; of this domain or of another. */
    private void invalidate(Machine machine, Random random) {
        int shift = new int[] {12, 21, 30, 64}[random.nextInt(4)];
        long pde = random.nextInt(2);
        int domain = DOMAIN + random.nextInt(4) / 3;
        long iova = pages.get(random.nextInt(pages.size())).iova;
        long range = shift == 64
                ? 0x7FFF_FFFF_FFFF_F001L
                : shift == 12 ? iova : iova & -1L << shift | (1L << shift - 1) - 4096 | 1;
        machine.command(3L << 60 | (long) domain << 32, range | pde << 1);
        for (Page page : pages) {
            boolean isCovered = shift == 64 || page.iova >>> shift == iova >>> shift;
            if (isCovered && domain == DOMAIN) {
                forget(page, pde == 1);
            }
        }
    }
}
