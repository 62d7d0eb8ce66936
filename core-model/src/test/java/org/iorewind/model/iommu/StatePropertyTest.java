package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.iorewind.model.StateHasher;
import org.iorewind.model.StateImage;
import org.iorewind.model.iommu.register.FeatureDescriptor;

/** A saved and restored IOMMU behaves like the one that was never saved. */
class StatePropertyTest {
    /** Kinds of IOMMU that differ in the state they have. */
    enum Kind {
        SPECIFIED(IommuOptions.of(Profile.SPEC)),
        LATE(IommuOptions.of(Profile.SPEC).toBuilder()
                .invalidations(InvalidationPolicy.delayed(5, 20))
                .build()),
        COUNTING(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(
                        IommuOptions.of(Profile.SPEC).extendedFeatures() | FeatureDescriptor.PERFORMANCE_COUNTERS)
                .build()),
        QEMU_OLD(IommuOptions.of(Profile.QEMU_10_0)),
        QEMU_NEW(IommuOptions.of(Profile.QEMU_11_1));

        private final IommuOptions options;

        Kind(IommuOptions options) {
            this.options = options;
        }
    }

    @Property(tries = 100)
    void savingAtAnyPointChangesNothing(@ForAll long seed, @ForAll Kind kind) {
        Machine through = Machine.started(kind.options);
        Machine first = Machine.started(kind.options);
        work(through, new SplittableRandom(seed), 150);
        work(first, new SplittableRandom(seed), 150);

        StateImage image = new StateImage();
        first.iommu.saveTo(image);
        Machine second = new Machine(kind.options, first.memory);
        StateImage.Reader reader = image.reader();
        second.iommu.restoreFrom(reader);
        reader.expectEnd();
        second.continueFrom(first);

        assertThat(second.hash()).isEqualTo(through.hash());
        through.translations.clear();
        work(through, new SplittableRandom(~seed), 150);
        work(second, new SplittableRandom(~seed), 150);
        assertThat(second.translations).isEqualTo(through.translations);
        assertThat(second.hash()).isEqualTo(through.hash());
        assertThat(memoryHash(second)).isEqualTo(memoryHash(through));
    }

    private static long memoryHash(Machine machine) {
        StateHasher hasher = new StateHasher();
        machine.memory.hashInto(hasher);
        return hasher.value();
    }

    private static void work(Machine machine, SplittableRandom random, int steps) {
        for (int i = 0; i < steps; i++) {
            long iova = (long) random.nextInt(32) << 12;
            switch (random.nextInt(8)) {
                case 0 -> machine.map(iova, Machine.PAGE_A + iova | Machine.READ_WRITE | random.nextInt(2));
                case 1 -> machine.invalidateDomain(Machine.DOMAIN + random.nextInt(2));
                case 2 -> machine.command(2L << 60 | Machine.DEVICE, 0);
                case 3 -> machine.write(0x2018, 0);
                case 4 -> machine.write(0x4_0008, random.nextInt(0x14));
                case 5 -> machine.interrupt(0xFEE0_0000L, random.nextInt(64));
                default -> machine.dma(Machine.DEVICE, iova, random.nextBoolean() ? AccessKind.READ : AccessKind.WRITE);
            }
        }
    }
}
