package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.iorewind.model.StateHasher;
import org.iorewind.model.StateImage;

/** A saved and restored IOMMU behaves like the one that was never saved. */
class StatePropertyTest {
    @Property(tries = 60)
    void savingAtAnyPointChangesNothing(@ForAll long seed, @ForAll Profile profile) {
        Machine through = Machine.started(profile);
        Machine first = Machine.started(profile);
        work(through, new SplittableRandom(seed), 150);
        work(first, new SplittableRandom(seed), 150);

        StateImage image = new StateImage();
        first.iommu.saveTo(image);
        Machine second = new Machine(IommuOptions.of(profile), first.memory);
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
            switch (random.nextInt(7)) {
                case 0 -> machine.map(iova, Machine.PAGE_A + iova | Machine.READ_WRITE | random.nextInt(2));
                case 1 -> machine.invalidateDomain(Machine.DOMAIN + random.nextInt(2));
                case 2 -> machine.command(2L << 60 | Machine.DEVICE, 0);
                case 3 -> machine.write(0x2018, 0);
                case 4 -> machine.interrupt(0xFEE0_0000L, random.nextInt(64));
                default -> machine.dma(Machine.DEVICE, iova, random.nextBoolean() ? AccessKind.READ : AccessKind.WRITE);
            }
        }
    }
}
