package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.CostRow;
import org.iorewind.analyze.cost.CostTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the references (amd-viommu, and base where said) expect of a guest's protection, DMA API and walks. */
class GuestScenariosTest {
    private static final long GUEST_BASE = 4L << 30;
    private static final long IO_PAGE_FAULT = 2;
    private static final long INVALIDATE_PAGES = 3;
    private static final long GN = 4;
    /** V, TV, GIoV, GV. */
    private static final long OPEN_FOR_GUEST_TABLES = 3 | 1L << 54 | 1L << 55;

    @TempDir
    Path folder;

    private static CostRow workload(Story story, String name) {
        return Objects.requireNonNull(story.costs().workloads().get(name), name);
    }

    /** Whether each flush of pages by the guest is of guest tables and PASID 0. */
    private static List<Boolean> flushes(Story story) {
        String commands = "kind == 'CommandConsumed' && guest == 1";
        List<Long> first = story.values(commands, "qword0");
        List<Long> second = story.values(commands, "qword1");
        return IntStream.range(0, first.size())
                .filter(i -> first.get(i) >>> 60 == INVALIDATE_PAGES)
                .mapToObj(i -> (second.get(i) & GN) != 0 && (first.get(i) & 0xFFFFF) == 0)
                .toList();
    }

    /** Reference 5.4: faults of the first stage are in the guest's log, with the guest's DeviceID, and the host has none. */
    @Test
    void aStrayWriteReachesNothingAndIsInTheGuestsLog() {
        Story story = Story.of("guest-io-protection", folder);
        List<Long> reached = story.reachedByDevices();
        assertThat(reached).hasSize(2).allMatch(address -> address.equals(reached.get(0)));
        assertThat(story.values("kind == 'LogEntry' && guest == 1 && log == 'EVENT'", "qword0"))
                .hasSize(GuestScenarios.STRAY_WRITES)
                .allMatch(q -> q >>> 60 == IO_PAGE_FAULT && (q & 0xFFFF) == GuestNic.GUEST_DEVICE);
        long page = story.values("kind == 'DriverCall' && call == 'map' && phase == 'ENTER'", "iova")
                .get(0);
        assertThat(story.values("kind == 'LogEntry' && guest == 1 && log == 'EVENT'", "qword1"))
                .allMatch(address -> address >= page + GuestNic.PAGE);
        assertThat(story.count("kind == 'LogEntry' && guest == 0")).isZero();
    }

    /**
     * Reference 8: GV and GIoV in the entry, flushes by INVALIDATE_IOMMU_PAGES for PASID 0 with GN, one for each device. Base
     * reference 6: leaves of 4 KiB, 2 MiB and 1 GiB; a nested translation is as large as the smaller page of the two stages, and
     * the second stage has the guest's 64 MiB in one.
     */
    @Test
    void theDmaApiUsesEveryPageSizeOfV2Tables() {
        Story story = Story.of("guest-dma-v2", folder);
        assertThat(story.reachedByDevices())
                .containsExactly(
                        GUEST_BASE + GuestScenarios.LARGE_BUFFER + GuestScenarios.OFFSET,
                        GUEST_BASE + GuestScenarios.LARGE_BUFFER + GuestScenarios.OFFSET,
                        GUEST_BASE + GuestScenarios.OFFSET);
        assertThat(story.values("kind == 'Translation' && iommu == 0", "pageShift"))
                .containsExactly(12L, 21L, 26L);
        CostTable costs = story.costs();
        CostRow unmap = Objects.requireNonNull(costs.find("unmap"));
        assertThat(unmap.operations()).isEqualTo(3);
        assertThat(unmap.count(CostCounter.GUEST_COMMANDS)).isEqualTo(2 * 3);
        assertThat(unmap.count(CostCounter.VM_EXITS)).isZero();
        assertThat(flushes(story)).isNotEmpty().allMatch(isGuest -> isGuest);
        assertThat(story.firstWords("kind == 'MemoryWrite' && region == 'DEVICE_TABLE' && guest == 1"))
                .anyMatch(q0 -> (q0 & OPEN_FOR_GUEST_TABLES) == OPEN_FOR_GUEST_TABLES);
    }

    /**
     * Reference 9.3 with g = h = 4: 24, 1 x (4 + 1) for the GCR3 table, and 1 device table entry, without caching. Six of the
     * walks in it are of the second stage, all within one 2 MiB: those after the first find the three directories that the
     * first has left in the cache (MC-120) and read the last level only. Base reference: 4 levels and 1 device table entry.
     */
    @Test
    void theEmulatedIommuReadsEachLevelOnceAndHardwareBothStages() {
        Story story = Story.of("hybrid-walks", folder);
        CostRow emulated = workload(story, GuestScenarios.EMULATED_WALK);
        assertThat(emulated.count(CostCounter.EMULATED_WALK_READS)).isEqualTo(4 + 1);
        assertThat(emulated.count(CostCounter.WALK_READS)).isZero();
        assertThat(story.count("kind == 'Translation' && cache == 'HIT'")).isZero();
        CostRow nested = workload(story, GuestScenarios.NESTED_WALK);
        assertThat(nested.count(CostCounter.WALK_READS)).isEqualTo(24 + 5 + 1 - 5 * 3);
        assertThat(nested.count(CostCounter.EMULATED_WALK_READS)).isZero();
        assertThat(story.reachedByDevices()).hasSize(2).doesNotHaveDuplicates();
    }
}
