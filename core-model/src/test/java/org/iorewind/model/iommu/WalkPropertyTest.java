package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** The walk against a second one, written to be obviously right and nothing else, on random tables. */
class WalkPropertyTest {
    private static final int TABLES = 12;
    private static final double ENOUGH_TRANSLATED = 15;
    private static final long FIRST_TABLE = 0x30_0000;

    @Provide
    Arbitrary<Long> addresses() {
        Arbitrary<Long> index = Arbitraries.longs().between(0, 2);
        return Combinators.combine(
                        index, index, index, index, index, Arbitraries.longs().between(0, 1))
                .as((a, b, c, d, e, f) -> a << 12 | b << 21 | c << 30 | d << 39 | e << 48 | f << 57);
    }

    @Property(tries = 3000)
    void theWalkAgreesWithTheNaiveOne(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int mode,
            @ForAll("addresses") long anyIova,
            @ForAll AccessKind access) {
        Machine machine = Machine.started(Profile.SPEC);
        Random random = new Random(seed);
        boolean fits = random.nextInt(8) != 0 && mode < 6;
        long iova = fits ? anyIova & (1L << 12 + 9 * mode) - 1 : anyIova;
        for (int table = 0; table < TABLES; table++) {
            for (int index = 0; index < 3; index++) {
                machine.memory.writeLong(FIRST_TABLE + table * 4096L + index * 8L, entry(random));
            }
        }
        int rights = random.nextInt(8) == 0 ? random.nextInt(4) : 3;
        long q0 = FIRST_TABLE | (long) mode << 9 | (long) rights << 61 | 3;
        machine.deviceEntry(Machine.DEVICE, q0, 9, 0, 0);
        machine.command(2L << 60 | Machine.DEVICE, 0);

        Machine.Translation actual = machine.dma(Machine.DEVICE, iova, access);

        Statistics.label("decisions")
                .collect(actual.decision())
                .coverage(coverage -> coverage.check(TranslationDecision.TRANSLATED)
                        .percentage(percent -> percent > ENOUGH_TRANSLATED));
        assertThat(actual.decision() + " " + Long.toHexString(actual.result()) + " " + actual.shift() + " "
                        + actual.rights())
                .isEqualTo(naive(machine, mode, rights, iova, access));
    }

    private static long entry(Random random) {
        long entry = FIRST_TABLE + random.nextInt(TABLES) * 4096L;
        entry |= random.nextInt(12) == 0 ? 0 : 1;
        entry |= random.nextInt(3) == 0 ? 0 : (long) random.nextInt(8) << 9;
        entry |= (random.nextInt(10) == 0 ? random.nextInt(4) : 3L) << 61;
        if (random.nextInt(20) == 0) {
            entry |= 1L << 52 + random.nextInt(9);
        }
        if (random.nextInt(3) == 0) {
            entry |= (1L << 12 + random.nextInt(41)) - 4096 & 0x000F_FFFF_FFFF_F000L;
        }
        return entry;
    }

    /** Reference 6.1 in the plainest words: bit strings, no shared code, no tricks. */
    private static String naive(Machine machine, int mode, int entryRights, long iova, AccessKind access) {
        String bits = binary(iova);
        int[] widths = {0, 21, 30, 39, 48, 57, 64};
        boolean needsRead = access == AccessKind.READ || access == AccessKind.ATOMIC;
        boolean needsWrite = access == AccessKind.WRITE || access == AccessKind.ATOMIC;
        boolean mayRead = (entryRights & 1) == 1;
        boolean mayWrite = entryRights >= 2;
        if (needsRead && !mayRead || needsWrite && !mayWrite) {
            return "NO_PERMISSION 0 0 0";
        }
        if (bits.substring(0, 64 - widths[mode]).contains("1")) {
            return "ADDRESS_TOO_WIDE 0 0 0";
        }
        long table = FIRST_TABLE;
        for (int level = mode; ; ) {
            int low = 12 + 9 * (level - 1);
            int high = Math.min(low + 8, 63);
            int index = Integer.parseInt(bits.substring(63 - high, 64 - low), 2);
            String entry = binary(machine.memory.peek(table + 8L * index));
            if (entry.charAt(63) == '0') {
                return "PAGE_NOT_PRESENT 0 0 0";
            }
            int next = Integer.parseInt(entry.substring(63 - 11, 64 - 9), 2);
            boolean isPage = next == 0 || next == 7;
            if (entry.substring(63 - (isPage ? 58 : 60), 64 - 52).contains("1")) {
                return "BAD_TABLE_ENTRY 0 0 0";
            }
            mayRead &= entry.charAt(63 - 61) == '1';
            mayWrite &= entry.charAt(63 - 62) == '1';
            if (needsRead && !mayRead || needsWrite && !mayWrite) {
                return "NO_PERMISSION 0 0 0";
            }
            if (isPage) {
                int shift = low;
                if (next == 7) {
                    int zero = 12;
                    while (zero <= 51 && entry.charAt(63 - zero) == '1') {
                        zero++;
                    }
                    shift = zero + 1;
                    if (zero > 51 || shift <= low || shift >= low + 9) {
                        return "BAD_TABLE_ENTRY 0 0 0";
                    }
                }
                if (level == 6) {
                    return "BAD_TABLE_ENTRY 0 0 0";
                }
                String kept = entry.substring(63 - 51, Math.max(64 - shift, 12));
                long page = Long.parseLong(kept + "0".repeat(Math.min(shift, 52)), 2);
                int rights = (mayRead ? 1 : 0) + (mayWrite ? 2 : 0);
                return "TRANSLATED " + Long.toHexString(page) + " " + shift + " " + rights;
            }
            if (next >= level) {
                return "BAD_TABLE_ENTRY 0 0 0";
            }
            int nextHigh = 12 + 9 * (next - 1) + 8;
            if (bits.substring(64 - low, 63 - nextHigh).contains("1")) {
                return "BAD_TABLE_ENTRY 0 0 0";
            }
            table = Long.parseLong(entry.substring(12, 52) + "000000000000", 2);
            level = next;
        }
    }

    private static String binary(long value) {
        String digits = Long.toBinaryString(value);
        return "0".repeat(64 - digits.length()) + digits;
    }
}
