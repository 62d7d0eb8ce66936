package org.iorewind.model.platform.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.SoftwareMachine.DEVICE;
import static org.iorewind.model.platform.SoftwareMachine.NO_PASID;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.SoftwareMachine;

/** For any maps and unmaps the hardware finds what was asked for, page by page, and nothing else. */
class PageTablePropertyTest {
    private static final int STEPS = 60;

    private record Mapped(long iova, long target, long bytes, int rights) {}

    @Property(tries = 100)
    void hostTablesSayWhatWasAsked(@ForAll long seed) {
        Random random = new Random(seed);
        SoftwareMachine machine = new SoftwareMachine();
        IommuDriver driver = Drivers.booted(machine);
        HostPageTable table = new HostPageTable(
                machine.port(),
                1 + random.nextInt(3),
                6,
                random.nextBoolean() ? HostPageTable.ALL_SIZES : random.nextLong(),
                anyOf(random));
        run(
                machine,
                table,
                random,
                60,
                () -> driver.deviceTable().set(DEVICE, DeviceEntryImage.host(7, table.root(), table.levels())));
    }

    @Property(tries = 100)
    void guestTablesSayWhatWasAsked(@ForAll long seed) {
        Random random = new Random(seed);
        SoftwareMachine machine = new SoftwareMachine();
        IommuDriver driver = Drivers.booted(machine);
        GuestPageTable table =
                new GuestPageTable(machine.port(), 4 + random.nextInt(2), random.nextLong(), anyOf(random));
        Gcr3Table gcr3 = new Gcr3Table(machine.port(), 1 + random.nextInt(3));
        gcr3.set(0, table.root());
        run(
                machine,
                table,
                random,
                46,
                () -> driver.deviceTable()
                        .set(DEVICE, DeviceEntryImage.guest(7, gcr3.root(), gcr3.levels(), table.levels(), true)));
    }

    private static EmptyTables anyOf(Random random) {
        return EmptyTables.values()[random.nextInt(EmptyTables.values().length)];
    }

    private static void run(SoftwareMachine machine, IoPageTable table, Random random, int bits, Runnable publish) {
        List<Mapped> mapped = new ArrayList<>();
        long allocatedBefore = machine.port().allocated();
        for (int step = 0; step < STEPS; step++) {
            if (!mapped.isEmpty() && random.nextInt(3) == 0) {
                Mapped gone = mapped.remove(random.nextInt(mapped.size()));
                assertThat(table.unmap(gone.iova(), gone.bytes())).isEqualTo(gone.bytes());
            } else if (!mapped.isEmpty() && random.nextInt(6) == 0) {
                Mapped changed = mapped.remove(random.nextInt(mapped.size()));
                int rights = 1 + 2 * random.nextInt(2);
                assertThat(table.protect(changed.iova(), changed.bytes(), rights))
                        .isEqualTo(changed.bytes());
                mapped.add(new Mapped(changed.iova(), changed.target(), changed.bytes(), rights));
            } else {
                map(table, random, bits, mapped);
            }
            if (random.nextInt(4) == 0) {
                table.release();
            }
        }
        publish.run();
        compare(machine, mapped, random, bits);
        mapped.forEach(each -> table.unmap(each.iova(), each.bytes()));
        assertThat(table.pageEntries()).isZero();
        table.destroy();
        assertThat(machine.port().allocated()).isLessThanOrEqualTo(allocatedBefore);
    }

    private static void map(IoPageTable table, Random random, int bits, List<Mapped> mapped) {
        int shift = 12 + random.nextInt(20);
        long bytes = (1 + random.nextInt(3)) << Math.min(shift, 22);
        long iova = random.nextLong() >>> 64 - (random.nextBoolean() ? 33 : bits) & -(1L << shift);
        long target = random.nextLong() >>> 64 - 40 & -(1L << shift) | (long) random.nextInt(2) << 12;
        Mapped wanted = new Mapped(iova, target, bytes & -4096, 1 + 2 * random.nextInt(2));
        boolean isFree = mapped.stream()
                .noneMatch(each ->
                        each.iova() < wanted.iova() + wanted.bytes() && wanted.iova() < each.iova() + each.bytes());
        int result = table.map(wanted.iova(), wanted.target(), wanted.bytes(), wanted.rights());
        assertThat(result).isEqualTo(isFree ? Errno.OK : Errno.EXISTS);
        if (isFree) {
            mapped.add(wanted);
        }
    }

    private static void compare(SoftwareMachine machine, List<Mapped> mapped, Random random, int bits) {
        NavigableMap<Long, Mapped> naive = new TreeMap<>();
        List<Long> asked = new ArrayList<>();
        for (Mapped each : mapped) {
            naive.put(each.iova(), each);
            asked.add(each.iova());
            asked.add(each.iova() + each.bytes() - 1);
            asked.add(each.iova() + each.bytes());
            asked.add(each.iova() + (random.nextLong() >>> 1) % each.bytes());
            asked.add(Math.max(each.iova() - 1, 0));
        }
        asked.add(random.nextLong() >>> 64 - bits);
        asked.removeIf(PageTablePropertyTest::isNoMemory);
        for (long address : asked) {
            var floor = naive.floorEntry(address);
            Mapped found =
                    floor != null && address < floor.getKey() + floor.getValue().bytes() ? floor.getValue() : null;
            long expected = found == null ? -1 : found.target() + address - found.iova();
            assertThat(machine.probe(NO_PASID, address, AccessKind.READ))
                    .as("address %x, %s, %s", address, found, machine.iommu().probe(DEVICE, address))
                    .isEqualTo(expected);
            assertThat(machine.probe(NO_PASID, address, AccessKind.WRITE))
                    .isEqualTo(found != null && found.rights() == 3 ? expected : -1);
        }
    }

    /** Reference 7.2: the window of interrupts and the HyperTransport hole are never translated. */
    private static boolean isNoMemory(long address) {
        return address >>> 20 == 0xFEE || address >>> 32 >= 0xFD && address >>> 32 <= 0xFF;
    }
}
