package org.iorewind.model.iommu;

import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * One machine, one request, and all that decides about it. Every page of the pool holds GCR3 entries at index 0 to 2 and v2
 * entries at index 4 to 6, so that it serves as whatever structure the walk takes it for.
 */
record NestedCase(
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
        boolean privileged) {
    static final long HOST_TABLES = 0x30_0000;
    static final long POOL = 0x40_0000;
    static final int POOL_PAGES = 3;

    /** Tables that are sound but for a few flipped bits. */
    static NestedCase draw(Random random, AccessKind access, UnaryOperator<IommuOptions.Builder> caches) {
        boolean hasNx = random.nextInt(4) != 0;
        boolean hasUs = random.nextBoolean();
        long features = GuestTables.FEATURES & ~(hasNx ? 0 : 1L << 3) & ~(hasUs ? 0 : 1L << 37);
        Machine machine = Machine.started(
                caches.apply(GuestTables.options(features).toBuilder()).build());
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
        return new NestedCase(
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

    /** The same machine asked something else: another of three PASIDs, another address that the tables may know. */
    NestedCase another(Random random) {
        long other = address & 0xFFF;
        for (int level = 0; level < 4 + guestPagingMode; level++) {
            other |= (4L + random.nextInt(3)) << 12 + 9 * level;
        }
        AccessKind[] kinds = AccessKind.values();
        return new NestedCase(
                machine,
                mode,
                glx,
                guestPagingMode,
                gcr3,
                isRootGuest,
                hasNx,
                hasUs,
                entryRights,
                random.nextInt(3),
                other,
                kinds[random.nextInt(kinds.length)],
                random.nextInt(4) == 0,
                random.nextInt(4) == 0);
    }

    /** What the model says: page, log2 of its size and rights, or the decision and PR, PE and RZ of its event. */
    String ask() {
        machine.iommu.dma(Machine.DEVICE, pasid, address, 4, access, executes, privileged);
        Machine.Translation actual = machine.translations.get(machine.translations.size() - 1);
        return actual.decision() == TranslationDecision.TRANSLATED
                ? Long.toHexString(actual.result()) + " " + actual.shift() + " " + actual.rights()
                : actual.decision() + " "
                        + Integer.toHexString(machine.lastEvent().flags() & 0xD0);
    }
}
