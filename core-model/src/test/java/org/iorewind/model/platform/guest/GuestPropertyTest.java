package org.iorewind.model.platform.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.SoftwareMachine.DEVICE;
import static org.iorewind.model.platform.SoftwareMachine.FEATURES;
import static org.iorewind.model.platform.guest.Guests.RW;

import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.InvalidationPolicy;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.platform.SoftwareMachine;
import org.iorewind.model.platform.driver.EmptyTables;
import org.iorewind.model.platform.driver.Errno;

/**
 * amd-viommu reference 14.3, invariant 6: for any maps, unmaps and DMA, on hardware that invalidates as late as it may, a strict
 * driver's device reaches what is mapped and nothing else; a lazy driver's never reaches what was unmapped before a flush.
 */
class GuestPropertyTest {
    private static final int STEPS = 150;

    private record Mapped(long physical, long bytes) {}

    @Property(tries = 150)
    void afterAnUnmapReturnedNoDmaSucceeds(@ForAll long seed) {
        run(new Random(seed), FlushPolicy.strict());
    }

    @Property(tries = 150)
    void afterAFlushNoDmaSucceeds(@ForAll long seed) {
        Random random = new Random(seed);
        run(random, FlushPolicy.lazy(1 + random.nextInt(8)));
    }

    private static void run(Random random, FlushPolicy policy) {
        boolean npCache = random.nextInt(4) == 0;
        SoftwareMachine machine = new SoftwareMachine(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(FEATURES)
                .notPresentCached(npCache)
                .invalidations(InvalidationPolicy.delayed(random.nextLong(), 50))
                .build());
        TableFormat format = random.nextBoolean() ? TableFormat.V1 : TableFormat.V2;
        EmptyTables emptyTables = EmptyTables.values()[random.nextInt(3)];
        GuestDriver driver = Guests.attached(
                machine,
                Guests.options(format)
                        .flushPolicy(policy)
                        .notPresentCached(npCache)
                        .pageSizes(random.nextBoolean() ? -1 : random.nextLong())
                        .emptyTables(emptyTables),
                DeviceTraits.plain());
        NavigableMap<Long, Mapped> mapped = new TreeMap<>();
        NavigableMap<Long, Mapped> waiting = new TreeMap<>();
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    long bytes = (1 + random.nextInt(5)) << 12 + random.nextInt(9);
                    long physical = (long) (random.nextInt() & 0xFFFF) << 12;
                    long iova = driver.map(DEVICE, physical, bytes, RW);
                    assertThat(iova).isPositive();
                    mapped.put(iova, new Mapped(physical, bytes));
                }
                case 2 -> {
                    if (!mapped.isEmpty()) {
                        Long iova = any(mapped, random);
                        machine.dma(iova, AccessKind.WRITE);
                        Mapped gone = mapped.remove(iova);
                        assertThat(driver.unmap(DEVICE, iova, gone.bytes())).isEqualTo(Errno.OK);
                        waiting.put(iova, gone);
                        if (machine.opcodes().contains(1)) {
                            waiting.clear();
                        }
                    }
                }
                case 3 -> {
                    driver.tick();
                    waiting.clear();
                }
                default -> compare(machine, mapped, waiting, random);
            }
            machine.taken();
        }
        driver.tick();
        compare(machine, mapped, new TreeMap<>(), random);
    }

    private static Long any(NavigableMap<Long, Mapped> mapped, Random random) {
        Long found = mapped.ceilingKey(random.nextLong() >>> 32);
        return found == null ? mapped.firstKey() : found;
    }

    private static void compare(
            SoftwareMachine machine,
            NavigableMap<Long, Mapped> mapped,
            NavigableMap<Long, Mapped> waiting,
            Random random) {
        for (int i = 0; i < 20; i++) {
            long address = mapped.isEmpty() || random.nextInt(3) == 0
                    ? 0xFFFF_FFFFL - (random.nextInt() & 0xFF_FFFF)
                    : any(mapped, random) + random.nextInt(0x3000);
            if (find(waiting, address) != null || address >>> 20 == 0xFEE) {
                continue;
            }
            var found = find(mapped, address);
            boolean isReached = machine.reaches(address, AccessKind.READ);
            assertThat(isReached).as("address %x, %s", address, found).isEqualTo(found != null);
            if (found != null) {
                assertThat(machine.bus().target()).isEqualTo(found.getValue().physical() + address - found.getKey());
            }
        }
    }

    private static java.util.Map.Entry<Long, Mapped> find(NavigableMap<Long, Mapped> ranges, long address) {
        var floor = ranges.floorEntry(address);
        return floor != null && address < floor.getKey() + floor.getValue().bytes() ? floor : null;
    }
}
