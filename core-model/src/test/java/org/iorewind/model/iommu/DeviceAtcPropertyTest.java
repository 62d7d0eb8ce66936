package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.EffectSink.NO_PASID;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import org.iorewind.model.platform.LoneIommu;
import org.iorewind.model.platform.device.AtcAccess;
import org.iorewind.model.platform.device.DeviceAtc;

/**
 * Reference 3.3, 7.1 and 9.2: a device with a cache of its own, over tables of three levels that change. Where 03h and then
 * 04h follow each change, the device does what the tables say now. That it need not without them, {@link
 * Section5AtsFlowTest} shows.
 */
class DeviceAtcPropertyTest {
    private static final int STEPS = 150;
    private static final int CHOICES = 2;
    private static final int TABLES_EACH = 3;
    private static final long TABLES = ROOT + 0x1000;
    private static final long PAGES = 0x4000_0000L;
    private static final long EVERYTHING = 0x7FFF_FFFF_FFFF_F001L;
    /** The address field that stands for the first GiB. */
    private static final long GIB = 0x1FFF_F001L;

    private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;

    @Property(tries = 1000)
    void withBothInvalidationsTheDeviceNeverUsesAStalePage(@ForAll long seed) {
        Random random = new Random(seed);
        IommuOptions.Builder options =
                WalkCachePropertyTest.anyCaches(random).apply(IommuOptions.of(Profile.SPEC).toBuilder());
        if (random.nextBoolean()) {
            options.invalidations(InvalidationPolicy.delayed(seed, 30));
        }
        Machine machine = Machine.started(options.build());
        machine.deviceEntry(DEVICE, ROOT | 3 << 9 | READ_WRITE | 3, DOMAIN | 1L << 32, 0, 0);
        machine.command(2L << 60 | DEVICE, 0);
        DeviceAtc device = new DeviceAtc(DEVICE, 1 + random.nextInt(8));
        machine.devices.add(device);
        for (int i = 0; i < 40; i++) {
            change(machine, random);
        }
        int served = 0;
        int moved = 0;
        for (int i = 0; i < STEPS; i++) {
            if (random.nextInt(4) == 0) {
                long range = change(machine, random);
                machine.command(3L << 60 | (long) DOMAIN << 32, range | 2);
                machine.command(4L << 60 | 32L << 24 | DEVICE, range);
                machine.command(1L << 60 | Machine.STORE | 1, i);
                moved++;
            } else {
                int asked = machine.answers.size();
                expectWhatTheTablesSay(machine, device, random);
                served += machine.answers.size() == asked ? 1 : 0;
            }
        }
        Statistics.label("the device served itself, and tables changed")
                .collect(served > 0 && moved > 0)
                .coverage(coverage -> coverage.check(true).percentage(percent -> percent > 80));
    }

    private static void expectWhatTheTablesSay(Machine machine, DeviceAtc device, Random random) {
        long iova = (long) random.nextInt(CHOICES) << 30
                | (long) random.nextInt(CHOICES) << 21
                | (long) random.nextInt(CHOICES) << 12
                | random.nextInt(4096);
        AccessKind access = random.nextBoolean() ? AccessKind.READ : AccessKind.WRITE;
        long expected = translate(machine, iova, access);
        AtcAccess what = device.access(LoneIommu.port(machine.iommu, DEVICE), NO_PASID, iova, access);
        assertThat(what).isEqualTo(expected < 0 ? AtcAccess.PAGE_NEEDED : AtcAccess.TRANSLATED);
        if (expected >= 0) {
            assertThat(device.cached(NO_PASID, iova)).isEqualTo(expected);
            assertThat(machine.translations.get(machine.translations.size() - 1).result())
                    .isEqualTo(expected & ADDRESS);
        }
    }

    /** The naive translator: where the tables lead now, or -1. */
    private static long translate(Machine machine, long iova, AccessKind access) {
        long table = ROOT;
        for (int level = 3; level > 0; level--) {
            int shift = 12 + 9 * (level - 1);
            long entry = machine.memory.peek(table + (iova >>> shift & 511) * 8);
            boolean isPresent = (entry & 1) != 0;
            if (!isPresent || access == AccessKind.WRITE && (entry & READ_WRITE) != READ_WRITE) {
                return -1;
            }
            if ((entry >>> 9 & 7) == 0) {
                return entry & ADDRESS | iova & (1L << shift) - 1;
            }
            table = entry & ADDRESS;
        }
        throw new AssertionError("expected a page at level 1");
    }

    /** Changes an entry; the answer is a range that covers all it serves. */
    private static long change(Machine machine, Random random) {
        int level = 1 + random.nextInt(3);
        int index = random.nextInt(CHOICES);
        long table = level == 3 ? ROOT : table(level, random.nextInt(TABLES_EACH));
        long rights = random.nextInt(3) == 0 ? READ_ONLY : READ_WRITE;
        long present = random.nextInt(6) == 0 ? 0 : 1;
        machine.memory.writeLong(table + 8L * index, target(level, random) | rights | present);
        return level == 3 ? (long) index << 30 | GIB : EVERYTHING;
    }

    private static long table(int level, int number) {
        return TABLES + 4096L * (level * TABLES_EACH + number);
    }

    /** A page at level 1, sometimes one of 2 MiB at level 2, else a table of the level below. */
    private static long target(int level, Random random) {
        if (level == 1 || level == 2 && random.nextInt(3) == 0) {
            return PAGES + ((long) random.nextInt(8) << 12 + 9 * (level - 1));
        }
        return table(level - 1, random.nextInt(TABLES_EACH)) | (long) (level - 1) << 9;
    }
}
