package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.iorewind.model.StateHasher;
import org.iorewind.model.StateImage;
import org.iorewind.model.iommu.register.FeatureDescriptor;

/** A saved and restored IOMMU behaves like the one that was never saved, and a reset one like a new one. */
class StatePropertyTest {
    private static final long EVERYTHING = 0x7FFF_FFFF_FFFF_F001L;
    private static final long LAST_OF_LOG = 0xFE0;
    private static final int GUEST = 3;
    /** InvTimeOut other than 0. */
    private static final long TIME_OUT = 1 << 5;

    /** Kinds of IOMMU that differ in the state they have. */
    enum Kind {
        SPECIFIED(specified()),
        LATE(specified().invalidations(InvalidationPolicy.delayed(5, 20))),
        COUNTING(specified()
                .prefetch(true)
                .extendedFeatures(
                        IommuOptions.of(Profile.SPEC).extendedFeatures() | FeatureDescriptor.PERFORMANCE_COUNTERS)),
        NOT_PRESENT(specified().notPresentCached(true)),
        DEVICES_ANSWER(specified().deviceAnswers(DeviceAnswers.AS_INPUT)),
        LATE_AND_DEVICES_ANSWER(
                specified().deviceAnswers(DeviceAnswers.AS_INPUT).invalidations(InvalidationPolicy.delayed(5, 20))),
        TWO_LOGS(specified().extendedFeatures(IommuOptions.of(Profile.SPEC).extendedFeatures() | 1L << 28)),
        NESTED(GuestTables.options(GuestTables.FEATURES).toBuilder().notPresentCached(true)),
        VIRTUAL(GuestBench.options().deviceAnswers(DeviceAnswers.AS_INPUT)),
        QEMU_OLD(IommuOptions.of(Profile.QEMU_10_0).toBuilder()),
        QEMU_NEW(IommuOptions.of(Profile.QEMU_11_1).toBuilder());

        private final IommuOptions options;

        Kind(IommuOptions.Builder options) {
            this.options = options.build();
        }

        private static IommuOptions.Builder specified() {
            return IommuOptions.of(Profile.SPEC).toBuilder();
        }

        private long control() {
            if (this == VIRTUAL) {
                return GuestBench.CONTROL | TIME_OUT;
            }
            return Machine.ENABLED | TIME_OUT | (this == NESTED ? GuestTables.GT_EN | GuestTables.GCR3_TRP_MODE : 0);
        }

        private Machine virtual() {
            GuestBench bench = new GuestBench(options, false);
            bench.add(GUEST);
            bench.nest(GUEST, Machine.DEVICE, Machine.DOMAIN, 1, (long) GUEST << 32 | 0x10L << 16 | 1 << 15);
            bench.mapDevice(GUEST, 0x10, Machine.DEVICE);
            return bench.machine;
        }

        private Machine machine() {
            Machine machine = this == NESTED
                    ? GuestTables.nested(options).machine
                    : this == VIRTUAL ? virtual() : Machine.started(options);
            long entry1 = Machine.DEVICE_TABLE + 32L * Machine.DEVICE + 8;
            machine.memory.writeLong(entry1, machine.memory.peek(entry1) | 1L << 32);
            machine.write(0xF8, 0x22_0000 | 8L << 56);
            machine.write(0x18, control());
            return machine;
        }
    }

    @Property(tries = 200)
    void savingAtAnyPointChangesNothing(@ForAll long seed, @ForAll Kind kind) {
        Machine through = kind.machine();
        Machine first = kind.machine();
        work(kind, through, new SplittableRandom(seed), 150);
        work(kind, first, new SplittableRandom(seed), 150);

        StateImage image = new StateImage();
        first.iommu.saveTo(image);
        Machine second = new Machine(kind.options, first.memory);
        StateImage.Reader reader = image.reader();
        second.iommu.restoreFrom(reader);
        reader.expectEnd();
        second.continueFrom(first);

        assertThat(second.hash()).isEqualTo(through.hash());
        through.translations.clear();
        through.answers.clear();
        through.events.clear();
        through.guestEvents.clear();
        through.told.clear();
        work(kind, through, new SplittableRandom(~seed), 150);
        work(kind, second, new SplittableRandom(~seed), 150);
        assertThat(second.translations).isEqualTo(through.translations);
        assertThat(second.answers).isEqualTo(through.answers);
        assertThat(second.events).isEqualTo(through.events);
        assertThat(second.told).isEqualTo(through.told);
        assertThat(second.guestEvents).isEqualTo(through.guestEvents);
        assertThat(second.hash()).isEqualTo(through.hash());
        assertThat(memoryHash(second)).isEqualTo(memoryHash(through));
    }

    @Property(tries = 50)
    void aResetLeavesNothing(@ForAll long seed, @ForAll Kind kind) {
        Machine machine = kind.machine();
        work(kind, machine, new SplittableRandom(seed), 150);
        machine.iommu.reset();
        assertThat(machine.hash()).isEqualTo(new Machine(kind.options).hash());
    }

    private static long memoryHash(Machine machine) {
        StateHasher hasher = new StateHasher();
        machine.memory.hashInto(hasher);
        return hasher.value();
    }

    private static void work(Kind kind, Machine machine, SplittableRandom random, int steps) {
        for (int i = 0; i < steps; i++) {
            long iova = (long) random.nextInt(32) << 12;
            int pasid = random.nextInt(3) - 1;
            if (kind == Kind.VIRTUAL && random.nextBoolean()) {
                workOfGuest(machine, random);
            }
            switch (random.nextInt(16)) {
                case 0 -> machine.map(iova, target(kind, iova) | Machine.READ_WRITE | random.nextInt(2));
                case 1 -> machine.invalidateDomain(Machine.DOMAIN + random.nextInt(2));
                case 2 -> machine.command(2L << 60 | Machine.DEVICE, 0);
                case 3 -> machine.write(0x2018, random.nextBoolean() ? 0 : LAST_OF_LOG);
                case 4 -> machine.write(0x4_0008, random.nextInt(0x14));
                case 5 -> machine.interrupt(0xFEE0_0000L, random.nextInt(64));
                case 6 -> machine.command(4L << 60 | (1L + random.nextInt(3)) << 24 | Machine.DEVICE, EVERYTHING);
                case 7 -> machine.command(1L << 60 | Machine.STORE | 3, i);
                case 8 -> machine.iommu.invalidationResponse(Machine.DEVICE, random.nextInt());
                case 9 -> machine.iommu.invalidationTimeout(Machine.DEVICE, random.nextInt(4));
                case 10 -> machine.write(0x18, kind.control() | (long) random.nextInt(4) << 32);
                case 11 ->
                    machine.ask(pasid, pasid < 0 ? iova : GuestTables.MAPPED, random.nextBoolean(), false, false);
                case 12 -> machine.command(6L << 60 | Machine.DEVICE, iova);
                case 13 ->
                    machine.iommu.dma(Machine.DEVICE, pasid, GuestTables.MAPPED + iova - 0x1000, 4, AccessKind.WRITE);
                case 14 -> machine.command(3L << 60 | (long) Machine.DOMAIN << 32 | Math.max(pasid, 0), EVERYTHING | 6);
                default -> machine.dma(Machine.DEVICE, iova, random.nextBoolean() ? AccessKind.READ : AccessKind.WRITE);
            }
        }
    }

    private static void workOfGuest(Machine machine, SplittableRandom random) {
        int page = GUEST * 4096;
        int slot = GUEST * 64;
        switch (random.nextInt(8)) {
            case 0 -> machine.iommu.write(RegisterSpace.VF_CONTROL, slot + 0x20, 8, 8);
            case 1 -> machine.iommu.write(RegisterSpace.VF_CONTROL, slot + 0x20, 8, 0x308);
            case 2 ->
                machine.iommu.write(
                        RegisterSpace.VF_CONTROL,
                        slot + 8,
                        8,
                        1L << 63 | (long) random.nextInt(4) << 46 | (long) random.nextInt(8) << 14 | 1);
            case 3 -> machine.iommu.write(RegisterSpace.VF, page + 0x20, 8, random.nextInt());
            case 4 -> machine.iommu.pageRequest(Machine.DEVICE, 1, 0, 1, 0, true);
            case 5 -> machine.command(0xAL << 60 | (long) random.nextInt(8) << 29 | GUEST, 0);
            default -> {
                long at = GuestBench.base(GUEST) + GuestBench.RING;
                for (int i = 0; i < 256; i++) {
                    machine.memory.writeLong(at + i * 16, quadword0(random));
                    machine.memory.writeLong(at + i * 16 + 8, 0);
                }
                machine.iommu.write(RegisterSpace.VF, page + 8, 8, random.nextInt(256) * 16L);
            }
        }
    }

    private static long quadword0(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> 1L << 60 | GuestBench.MEMORY | random.nextInt(4);
            case 1 -> 3L << 60 | (long) random.nextInt(4) << 32;
            case 2 -> 4L << 60 | 4L << 24 | 0x10;
            case 3 -> 2L << 60 | 0x10;
            default -> random.nextInt(8) == 0 ? 9L << 60 : 8L << 60;
        };
    }

    private static long target(Kind kind, long iova) {
        return kind == Kind.NESTED ? iova + GuestTables.HOST_OFFSET : Machine.PAGE_A + iova;
    }
}
