package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/**
 * The nested walk against a second one, written to be obviously right and nothing else, on tables that are sound but for a
 * few flipped bits. Every page of the pool holds GCR3 entries at index 0 to 2 and v2 entries at index 4 to 6, so that it
 * serves as whatever structure the walk takes it for.
 */
class NestedWalkPropertyTest {
    private static final long HOST_TABLES = 0x30_0000;
    private static final long POOL = 0x40_0000;
    private static final int POOL_PAGES = 3;
    private static final double ENOUGH = 15;

    /** One machine, one request, and all that decides about it. */
    private record Case(
            Machine machine,
            int mode,
            int glx,
            int guestPagingMode,
            long gcr3,
            boolean isRootGuest,
            boolean hasNx,
            boolean hasUs,
            int entryRights,
            int pasid,
            long address,
            AccessKind access,
            boolean executes,
            boolean privileged) {}

    @Property(tries = 4000)
    void theNestedWalkAgreesWithTheNaiveOne(@ForAll long seed, @ForAll AccessKind access) {
        Case request = draw(new Random(seed), access);
        // Asked first, since the walk sets A and D in the tables.
        String expected = new Naive(request).translate();

        request.machine.iommu.dma(
                Machine.DEVICE, request.pasid, request.address, 4, access, request.executes, request.privileged);
        Machine.Translation actual = request.machine.translations.get(0);

        Statistics.label("decisions").collect(actual.decision()).coverage(coverage -> {
            coverage.check(TranslationDecision.TRANSLATED).percentage(percent -> percent > ENOUGH);
            coverage.check(TranslationDecision.PAGE_NOT_PRESENT).count(count -> count > 0);
            coverage.check(TranslationDecision.BAD_TABLE_ENTRY).count(count -> count > 0);
            coverage.check(TranslationDecision.NO_PERMISSION).count(count -> count > 0);
        });
        String found = actual.decision() == TranslationDecision.TRANSLATED
                ? Long.toHexString(actual.result()) + " " + actual.shift() + " " + actual.rights()
                : actual.decision() + " "
                        + Integer.toHexString(request.machine.lastEvent().flags() & 0xD0);
        assertThat(found).isEqualTo(expected);
        expectEventWithPasid(request);
    }

    private static void expectEventWithPasid(Case request) {
        for (Machine.Logged event : request.machine.events) {
            assertThat(event.flags() & 1).isEqualTo(1);
            assertThat(event.pasid()).isEqualTo(request.pasid);
            assertThat(event.q1()).isEqualTo(request.address);
        }
    }

    private static Case draw(Random random, AccessKind access) {
        boolean hasNx = random.nextInt(4) != 0;
        boolean hasUs = random.nextBoolean();
        long features = GuestTables.FEATURES & ~(hasNx ? 0 : 1L << 3) & ~(hasUs ? 0 : 1L << 37);
        Machine machine = Machine.started(GuestTables.options(features));
        boolean isRootGuest = random.nextBoolean();
        machine.write(0x18, Machine.ENABLED | GuestTables.GT_EN | (isRootGuest ? GuestTables.GCR3_TRP_MODE : 0));
        int mode = random.nextInt(7);
        long gpaBits = (1L << 12 + 9 * Math.max(mode, 1)) - 1;
        for (int level = 1; level <= 6; level++) {
            for (int index = 0; index < 3; index++) {
                machine.memory.writeLong(HOST_TABLES + level * 4096L + index * 8L, hostEntry(random, level));
            }
        }
        for (int page = 0; page < POOL_PAGES; page++) {
            for (int index = 0; index < 3; index++) {
                long at = POOL + page * 4096L + index * 8L;
                machine.memory.writeLong(at, structure(random, mode, gpaBits) | 1);
                long writable = random.nextInt(6) == 0 ? 0x25 : 0x27;
                machine.memory.writeLong(at + 32, structure(random, mode, gpaBits) | writable);
            }
        }
        for (int flips = random.nextInt(4); flips > 0; flips--) {
            boolean isHost = random.nextBoolean();
            long page =
                    isHost ? HOST_TABLES + 4096 * (1 + random.nextInt(6)) : POOL + 4096 * random.nextInt(POOL_PAGES);
            long at = page + 8 * (isHost ? random.nextInt(3) : random.nextInt(7));
            machine.memory.writeLong(at, machine.memory.peek(at) ^ 1L << random.nextInt(64));
        }
        int glx = random.nextInt(3);
        int guestPagingMode = random.nextInt(2);
        long gcr3 = isRootGuest ? structure(random, mode, gpaBits) : POOL + 4096L * random.nextInt(POOL_PAGES);
        int rights = random.nextInt(12) == 0 ? random.nextInt(4) : 3;
        long q0 = (mode == 0 ? 0 : HOST_TABLES + mode * 4096L)
                | (long) mode << 9
                | GuestTables.GV
                | (long) glx << 56
                | (gcr3 >>> 12 & 7) << 58
                | (long) rights << 61
                | 3;
        long q1 = Machine.DOMAIN | (gcr3 >>> 15 & 0xFFFF) << 16 | gcr3 >>> 31 << 43;
        machine.deviceEntry(Machine.DEVICE, q0, q1, (long) guestPagingMode << 54, 0);
        int pasid = 0;
        for (int level = 0; level <= (random.nextInt(20) == 0 ? 2 : glx); level++) {
            pasid |= random.nextInt(3) << 9 * level;
        }
        long address = random.nextInt(4096);
        for (int level = 0; level < 4 + guestPagingMode; level++) {
            address |= (4L + random.nextInt(3)) << 12 + 9 * level;
        }
        if (random.nextInt(16) == 0) {
            address |= -1L << 40 + random.nextInt(20);
        }
        return new Case(
                machine,
                mode,
                glx,
                guestPagingMode,
                gcr3,
                isRootGuest,
                hasNx,
                hasUs,
                rights,
                pasid,
                address,
                access,
                random.nextInt(4) == 0,
                random.nextInt(4) == 0);
    }

    /** Where a guest structure or page stands: in the pool itself without a host, else somewhere its tables reach. */
    private static long structure(Random random, int mode, long gpaBits) {
        if (mode == 0) {
            return POOL + 4096L * random.nextInt(POOL_PAGES);
        }
        long address = 0;
        for (int level = 0; level < 5; level++) {
            address |= (long) (level > 2 && random.nextInt(3) != 0 ? 0 : random.nextInt(3)) << 12 + 9 * level;
        }
        return address & gpaBits & 0x000F_FFFF_FFFF_F000L;
    }

    private static long hostEntry(Random random, int level) {
        long rights = (random.nextInt(15) == 0 ? random.nextInt(4) : 3L) << 61 | 1;
        int kind = random.nextInt(10);
        if (level == 1) {
            long page = POOL + 4096L * random.nextInt(POOL_PAGES);
            return rights | (kind == 0 ? 7 << 9 | POOL : page);
        }
        if (level == 2 && kind < 3) {
            return rights | POOL | (kind == 0 ? 7 << 9 : 0);
        }
        if (level == 3 && kind == 0) {
            return rights;
        }
        int next = kind == 9 && level > 2 ? level - 2 : level - 1;
        return rights | HOST_TABLES + next * 4096L | (long) next << 9;
    }

    /** Reference 6.1 to 6.3 in the plainest words: no cache, no shared code, no tricks. */
    private static final class Naive {
        private final Case request;
        private final boolean reads;
        private final boolean writes;
        private String fault = "";
        private long hostResult;
        private int hostShift;
        private boolean hostReads;
        private boolean hostWrites;

        Naive(Case request) {
            this.request = request;
            this.reads = request.access == AccessKind.READ || request.access == AccessKind.ATOMIC;
            this.writes = request.access == AccessKind.WRITE || request.access == AccessKind.ATOMIC;
        }

        String translate() {
            boolean entryReads = request.entryRights % 2 == 1;
            boolean entryWrites = request.entryRights >= 2;
            if (reads && !entryReads || writes && !entryWrites) {
                return "NO_PERMISSION 50";
            }
            if (request.glx == 0 && request.pasid >= 512 || request.glx == 1 && request.pasid >= 512 * 512) {
                return "ABORTED 0";
            }
            int levels = 4 + request.guestPagingMode;
            int width = levels == 4 ? 48 : 57;
            for (int bit = width; bit < 64; bit++) {
                boolean expected = request.pasid != 0 && bit(request.address, width - 1);
                if (bit(request.address, bit) != expected) {
                    return "ADDRESS_TOO_WIDE 0";
                }
            }
            long table = request.gcr3;
            boolean isGuest = request.isRootGuest;
            for (int level = request.glx; level >= 0; level--) {
                long at = table + 8 * (request.pasid / (long) Math.pow(512, level) % 512);
                if (isGuest && !host(at, true, false, true, true)) {
                    return fault;
                }
                long entry = request.machine.memory.peek(isGuest ? hostResult : at);
                if (!bit(entry, 0)) {
                    return "PAGE_NOT_PRESENT 0";
                }
                if (bits(entry, 11, 1) != 0 || bits(entry, 63, 52) != 0) {
                    return "BAD_TABLE_ENTRY 90";
                }
                table = bits(entry, 51, 12) * 4096;
                isGuest = true;
            }
            return translateByPages(table, levels, entryReads, entryWrites);
        }

        private String translateByPages(long root, int levels, boolean entryReads, boolean entryWrites) {
            long table = root;
            boolean mayWrite = true;
            boolean isUsers = true;
            boolean mayExecute = true;
            List<Long> unmarked = new ArrayList<>();
            for (int level = levels; ; level--) {
                int low = 12 + 9 * (level - 1);
                long at = table + 8 * bits(request.address, low + 8, low);
                if (!host(at, true, false, true, true)) {
                    return fault;
                }
                long entry = request.machine.memory.peek(hostResult);
                if (!bit(entry, 0)) {
                    return "PAGE_NOT_PRESENT 0";
                }
                boolean isLarge = level > 1 && bit(entry, 7);
                if (isLarge && level > 3 || !request.hasNx && bit(entry, 63)) {
                    return "BAD_TABLE_ENTRY 90";
                }
                if (isLarge && bits(entry, low - 1, 13) != 0) {
                    return "BAD_TABLE_ENTRY 90";
                }
                mayWrite &= bit(entry, 1);
                isUsers &= bit(entry, 2);
                mayExecute &= !bit(entry, 63);
                boolean isLast = level == 1 || isLarge;
                if (!bit(entry, 5) || isLast && writes && !bit(entry, 6)) {
                    unmarked.add(at);
                }
                if (!isLast) {
                    table = bits(entry, 51, 12) * 4096;
                    continue;
                }
                boolean isUser = !request.privileged || !request.hasUs;
                boolean isKnown = request.access != AccessKind.UNKNOWN;
                if (writes && !mayWrite || isKnown && isUser && !isUsers || request.executes && !mayExecute) {
                    return "NO_PERMISSION 50";
                }
                for (long entryAddress : unmarked) {
                    if (!host(entryAddress, false, true, true, true)) {
                        return fault;
                    }
                }
                long gpa = bits(entry, 51, low) << low | bits(request.address, low - 1, 0);
                if (!host(gpa, reads, writes, entryReads, entryWrites)) {
                    return fault;
                }
                int shift = Math.min(low, hostShift);
                long page = hostResult - bits(hostResult, shift - 1, 0);
                int rights = (hostReads && entryReads ? 1 : 0) + (hostWrites && mayWrite && entryWrites ? 2 : 0);
                return Long.toHexString(page) + " " + shift + " " + rights;
            }
        }

        /** Translates a guest physical address; false leaves the fault. */
        private boolean host(long gpa, boolean reads, boolean writes, boolean limitReads, boolean limitWrites) {
            hostResult = gpa;
            hostShift = 63;
            hostReads = true;
            hostWrites = true;
            if (request.mode == 0) {
                return true;
            }
            int[] widths = {0, 21, 30, 39, 48, 57, 64};
            if (request.mode < 6 && bits(gpa, 63, widths[request.mode]) != 0) {
                return failed("ADDRESS_TOO_WIDE 0");
            }
            long table = HOST_TABLES + request.mode * 4096L;
            int level = request.mode;
            while (true) {
                int low = 12 + 9 * (level - 1);
                int high = Math.min(low + 8, 63);
                long entry = request.machine.memory.peek(table + 8 * bits(gpa, high, low));
                if (!bit(entry, 0)) {
                    return failed("PAGE_NOT_PRESENT 0");
                }
                int next = (int) bits(entry, 11, 9);
                boolean isPage = next == 0 || next == 7;
                if (bits(entry, isPage ? 58 : 60, 52) != 0) {
                    return failed("BAD_TABLE_ENTRY 90");
                }
                hostReads &= bit(entry, 61);
                hostWrites &= bit(entry, 62);
                if (reads && !(hostReads && limitReads) || writes && !(hostWrites && limitWrites)) {
                    return failed("NO_PERMISSION 50");
                }
                if (isPage) {
                    int shift = low;
                    if (next == 7) {
                        shift = 13;
                        while (shift <= 52 && bit(entry, shift - 1)) {
                            shift++;
                        }
                    }
                    boolean isLegal = next == 0 || shift <= 52 && shift > low && shift < low + 9;
                    if (level == 6 || !isLegal) {
                        return failed("BAD_TABLE_ENTRY 10");
                    }
                    hostResult = (shift > 51 ? 0 : bits(entry, 51, shift) << shift) | bits(gpa, shift - 1, 0);
                    hostShift = shift;
                    return true;
                }
                if (next >= level) {
                    return failed("BAD_TABLE_ENTRY 10");
                }
                int nextHigh = 12 + 9 * next - 1;
                if (nextHigh < low - 1 && bits(gpa, low - 1, nextHigh + 1) != 0) {
                    return failed("BAD_TABLE_ENTRY 10");
                }
                table = bits(entry, 51, 12) * 4096;
                level = next;
            }
        }

        private boolean failed(String why) {
            fault = why;
            return false;
        }

        private static boolean bit(long value, int at) {
            return Long.toBinaryString(value >>> at).endsWith("1");
        }

        /** The field from one bit down to another. */
        private static long bits(long value, int high, int low) {
            long field = 0;
            for (int at = high; at >= low; at--) {
                field = 2 * field + (bit(value, at) ? 1 : 0);
            }
            return field;
        }
    }
}
