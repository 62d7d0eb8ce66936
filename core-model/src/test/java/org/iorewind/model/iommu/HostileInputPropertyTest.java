package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.iorewind.model.StateHasher;
import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.memory.SparseMemory;

/** Nothing that a guest can write makes the model throw, hang, or answer differently the second time. */
class HostileInputPropertyTest {
    private static final int INPUTS = 400;
    private static final int[] OFFSETS = {
        0, 8, 0x10, 0x18, 0x20, 0x28, 0x30, 0x38, 0x2000, 0x2008, 0x2010, 0x2018, 0x2020, 0x2030, 0x2080, 0x2088, 0x40,
        0x50, 0x60, 0xE0, 0xE8, 0x100, 0x1FF8, 0x5000, 0xF0, 0xF8, 0x158, 0x160, 0x170, 0x200, 0x208, 0x210, 0x2050,
        0x2058, 0x2070, 0x2078, 0x4008, 0x40000, 0x40008, 0x40028
    };

    @Property(tries = 300)
    void randomInputsAreSurvivedAndRepeatable(@ForAll Profile profile, @ForAll long seed, @ForAll boolean recorded) {
        assertThat(run(profile, seed, recorded)).isEqualTo(run(profile, seed, recorded));
    }

    private static long run(Profile profile, long seed, boolean recorded) {
        Random random = new Random(seed);
        SparseMemory memory = recorded ? SparseMemory.recordedOnly() : SparseMemory.zeroFilled();
        IommuOptions options = IommuOptions.of(profile).toBuilder()
                .extendedFeatures(features(random))
                .extendedFeatures2(random.nextInt(3) == 0 ? random.nextLong() : 0)
                .tlb(1 << random.nextInt(3), 1 + random.nextInt(3))
                .invalidations(
                        random.nextBoolean()
                                ? InvalidationPolicy.immediate()
                                : InvalidationPolicy.delayed(seed, 1 + random.nextInt(20)))
                .build();
        Iommu iommu = new Iommu(options, memory, EffectSink.NONE);
        iommu.mmioWrite(0x08, 8, 8L << 56);
        iommu.mmioWrite(0x10, 8, 8L << 56 | 0x4000);
        iommu.mmioWrite(
                0x18,
                8,
                0x1000_F00DL | random.nextLong() & (1L << 16 | 1L << 17 | 1L << 25 | 1L << 58 | 3L << 52 | 1L << 60));
        StateHasher answers = new StateHasher();
        for (int i = 0; i < INPUTS; i++) {
            answers.addLong(step(random, memory, iommu));
        }
        iommu.saveTo(answers);
        memory.hashInto(answers);
        return answers.value();
    }

    private static long features(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 3 -> GuestBench.FEATURES;
            case 1 -> GuestTables.FEATURES;
            default -> 0x29D3;
        };
    }

    private static long step(Random random, SparseMemory memory, Iommu iommu) {
        long address = random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(0x8000);
        int size = 1 << random.nextInt(5);
        switch (random.nextInt(17)) {
            case 0 -> iommu.mmioWrite(OFFSETS[random.nextInt(OFFSETS.length)], size, random.nextLong());
            case 1 -> iommu.mmioWrite(0x2008, 4, random.nextInt(256) << 4);
            case 2 -> {
                return iommu.mmioRead(random.nextInt(), size);
            }
            case 3 -> memory.injectFailure(address, 8, MemoryStatus.ABORT);
            case 4 -> memory.heal(0, Long.MAX_VALUE);
            case 5 -> {
                return iommu.interrupt(random.nextInt(), address, random.nextInt())
                        .ordinal();
            }
            case 6 -> iommu.forceLogEntry(random.nextLong(), random.nextLong());
            case 7 -> iommu.forceRegister(random.nextInt(0x4000), random.nextLong());
            case 8 -> {
                return iommu.probe(random.nextInt(), random.nextInt(4) - 1, address, AccessKind.UNKNOWN)
                        .decision()
                        .ordinal();
            }
            case 9 -> {
                int pasid = random.nextInt(4) - 1;
                AccessKind access = AccessKind.values()[random.nextInt(4)];
                return iommu.dma(
                                random.nextInt(8),
                                pasid,
                                address,
                                4,
                                access,
                                random.nextBoolean(),
                                random.nextBoolean())
                        .ordinal();
            }
            case 10 -> {
                boolean last = random.nextBoolean();
                int group = random.nextInt();
                return iommu.pageRequest(random.nextInt(8), random.nextInt(), address, group, group, last)
                        .ordinal();
            }
            case 11 -> iommu.configWrite(random.nextInt(0x104), size, random.nextLong());
            case 12 -> {
                return iommu.configRead(random.nextInt(), size) ^ iommu.configRead(random.nextInt(0x100), 4);
            }
            case 14 -> iommu.write(RegisterSpace.VF, random.nextInt(3) * 4096 + random.nextInt(0xA0), size, address);
            case 15 -> {
                long value = random.nextBoolean() ? random.nextInt(0x8000) : random.nextLong();
                iommu.write(RegisterSpace.VF_CONTROL, random.nextInt(3) * 64 + random.nextInt(8) * 8, 8, value);
                return iommu.read(RegisterSpace.VF, random.nextInt(3) * 4096 + 0x20, 8);
            }
            case 13 -> memory.writeLong(address & 0x7FF8, (long) random.nextInt(16) << 60 | random.nextInt(0x200));
            default -> memory.writeLong(address & 0x7FF8, tableEntry(random));
        }
        return iommu.register(0x2020);
    }

    /** An entry that points back into the same few pages, so that tables refer to themselves. */
    private static long tableEntry(Random random) {
        if (random.nextInt(3) == 0) {
            return random.nextInt(8) * 0x1000L | 0x27 | random.nextInt(2) << 7;
        }
        long guest = random.nextInt(3) == 0 ? (long) random.nextInt(16) << 54 : 0;
        return guest | random.nextInt(8) * 0x1000L | (long) random.nextInt(8) << 9 | 3L << 61 | random.nextInt(4) | 1;
    }
}
