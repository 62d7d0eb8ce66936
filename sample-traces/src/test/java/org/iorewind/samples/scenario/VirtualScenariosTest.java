package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.CostRow;
import org.iorewind.analyze.cost.CostTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The counts that amd-viommu reference 9.2 derives for each operation under each kind of vIOMMU. */
class VirtualScenariosTest {
    private static final String UNMAP = "unmap";
    private static final String MAP = "map";
    private static final long IO_PAGE_FAULT = 2;

    @TempDir
    Path folder;

    private static long each(CostRow row, CostCounter counter) {
        long count = row.count(counter);
        assertThat(count % Math.max(1, row.operations()))
                .as("%s is the same for each", counter)
                .isZero();
        return count / Math.max(1, row.operations());
    }

    private CostRow row(String scenario, String operation) {
        CostRow row = Story.of(scenario, folder).costs().find(operation);
        assertThat(row).as(operation).isNotNull();
        return row;
    }

    /**
     * Row "map", column SW: Wg=Lg, NpCache forces Cg=2, X=2, one map call for each leaf, P=n, Wh=Lh, Ch=0. Four aligned pages are one
     * leaf, since v1 tables have pages of every power of two (base reference 6.1).
     */
    @Test
    void aMapUnderSoftwareCostsTwoExitsAndACallForEachLeaf() {
        CostRow map = row("sw-shadow-dma", MAP);
        assertThat(map.operations()).isOne();
        assertThat(map.count(CostCounter.GUEST_COMMANDS)).isEqualTo(2);
        assertThat(map.count(CostCounter.VM_EXITS)).isEqualTo(2);
        assertThat(map.count(CostCounter.HOST_CALLS))
                .as("leaf entries of 16 KiB")
                .isOne();
        assertThat(map.count(CostCounter.PINS)).isEqualTo(4);
        assertThat(map.count(CostCounter.HOST_COMMANDS)).isZero();
        assertThat(map.count(CostCounter.GUEST_TABLE_WRITES)).isPositive();
        assertThat(map.count(CostCounter.HOST_TABLE_WRITES)).isPositive();
    }

    /** Row "unmap, strict", column SW: Cg=2, X=2, S at least 1, unpin n, Ch=2 for each host flush. */
    @Test
    void anUnmapUnderSoftwareCostsTwoExitsAndAFlushOfTheHost() {
        CostRow unmap = row("sw-shadow-dma", UNMAP);
        assertThat(unmap.count(CostCounter.GUEST_COMMANDS)).isEqualTo(2);
        assertThat(unmap.count(CostCounter.VM_EXITS)).isEqualTo(2);
        assertThat(unmap.count(CostCounter.HOST_CALLS)).isPositive();
        assertThat(unmap.count(CostCounter.UNPINS)).isEqualTo(4);
        assertThat(unmap.count(CostCounter.HOST_COMMANDS)).isEqualTo(2 * unmap.count(CostCounter.HOST_CALLS));
    }

    /** Row "unmap, strict", column HW-direct: X=S=Ch=0, Cg=2, Sem=1. */
    @Test
    void anUnmapUnderDirectHardwareLeavesTheGuestNever() {
        CostRow unmap = row("hw-direct-strict-nic", UNMAP);
        assertThat(unmap.operations()).isEqualTo(SoftwareScenarios.PACKETS);
        assertThat(unmap.count(CostCounter.VM_EXITS)).isZero();
        assertThat(unmap.count(CostCounter.HOST_CALLS)).isZero();
        assertThat(unmap.count(CostCounter.HOST_COMMANDS)).isZero();
        assertThat(each(unmap, CostCounter.GUEST_COMMANDS)).isEqualTo(2);
        assertThat(each(unmap, CostCounter.COMPLETION_STORES)).isOne();
        assertThat(each(unmap, CostCounter.GUEST_REGISTERS)).as("tail stores").isEqualTo(2);
    }

    /** Row "unmap, strict", column HW-trapped: X=2, S=2, Wh=0, Ch=0, Sem=1. */
    @Test
    void anUnmapUnderTrappedHardwareExitsForEachTailStore() {
        CostRow unmap = row("hw-trapped-strict-nic", UNMAP);
        assertThat(each(unmap, CostCounter.VM_EXITS)).isEqualTo(2);
        assertThat(each(unmap, CostCounter.HOST_CALLS)).isEqualTo(2);
        assertThat(each(unmap, CostCounter.GUEST_COMMANDS)).isEqualTo(2);
        assertThat(unmap.count(CostCounter.HOST_TABLE_WRITES)).isZero();
        assertThat(unmap.count(CostCounter.HOST_COMMANDS)).isZero();
        assertThat(each(unmap, CostCounter.COMPLETION_STORES)).isOne();
    }

    /** Row "map", columns HW: Wg=Lg; X=S=Cg=Ch=0. */
    @Test
    void aMapUnderHardwareCostsOnlyTheGuestsOwnTableWrites() {
        for (String scenario : List.of("hw-trapped-strict-nic", "hw-direct-strict-nic")) {
            CostRow map = row(scenario, MAP);
            assertThat(map.count(CostCounter.VM_EXITS)).as(scenario).isZero();
            assertThat(map.count(CostCounter.HOST_CALLS)).as(scenario).isZero();
            assertThat(map.count(CostCounter.GUEST_COMMANDS)).as(scenario).isZero();
            assertThat(map.count(CostCounter.HOST_COMMANDS)).as(scenario).isZero();
            assertThat(map.count(CostCounter.PINS)).as(scenario).isZero();
            assertThat(map.count(CostCounter.GUEST_TABLE_WRITES)).as(scenario).isPositive();
        }
    }

    /** Row "unmap, lazy": no exits, and 2/k commands for k unmaps that wait for one flush. */
    @Test
    void lazyUnmapsShareTheirFlushes() {
        CostTable costs = Story.of("hw-direct-lazy-nic", folder).costs();
        CostRow unmap = costs.operations().get(UNMAP);
        assertThat(unmap.count(CostCounter.VM_EXITS)).isZero();
        assertThat(unmap.count(CostCounter.GUEST_COMMANDS)).isLessThan(unmap.operations());
    }

    /** Reference 14.3, rule 9: the same guest work leads to the same memory under every kind of vIOMMU. */
    @Test
    void theSameWorkReachesTheSameGuestMemoryUnderAll() {
        List<Long> software = Story.of("sw-strict-nic", folder).reachedByDevices();
        assertThat(software).isNotEmpty();
        assertThat(Story.of("hw-trapped-strict-nic", folder).reachedByDevices()).isEqualTo(software);
        assertThat(Story.of("hw-direct-strict-nic", folder).reachedByDevices()).isEqualTo(software);
    }

    /** Row "device IO page fault", column SW, emulated devices: the guest's log and an interrupt. */
    @Test
    void aFaultOfAnEmulatedDeviceIsInTheGuestsLogAndTheHostKnowsNothing() {
        Story story = Story.of("sw-emulated-dma", folder);
        assertThat(story.count("kind == 'DmaRequest' && iommu == 0")).isZero();
        assertThat(story.count("kind == 'LogEntry' && iommu == 0")).isZero();
        List<Long> entries = story.values("kind == 'LogEntry' && iommu == 1", "qword0");
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0) >>> 60).isEqualTo(IO_PAGE_FAULT);
        assertThat(entries.get(0) & 0xFFFF).isEqualTo(GuestNic.GUEST_DEVICE);
        CostRow fault = story.costs().operations().get("fault");
        assertThat(fault.count(CostCounter.GUEST_INTERRUPTS)).isOne();
    }

    /** Row "device IO page fault", column HW-direct, DIRECT: 0 exits of hardware's, the guest's IDs (reference 5.4). */
    @Test
    void aFaultInTheGuestsTablesIsInTheGuestsLogWithTheGuestsIds() {
        Story story = Story.of("hw-direct-logs", folder);
        List<Long> entries = story.values("kind == 'LogEntry' && guest == 1", "qword0");
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0) >>> 60).isEqualTo(IO_PAGE_FAULT);
        assertThat(entries.get(0) & 0xFFFF).isEqualTo(GuestNic.GUEST_DEVICE);
        CostRow fault = story.costs().operations().get("fault");
        assertThat(fault.count(CostCounter.GUEST_LOG_WRITES)).isOne();
        assertThat(fault.count(CostCounter.HOST_LOG_WRITES)).isZero();
        assertThat(fault.count(CostCounter.HOST_COMMANDS)).isZero();
        assertThat(fault.count(CostCounter.GUEST_INTERRUPTS)).isOne();
    }

    /** Case 1 of the talk: the host's log first, then command 9 with the GuestID (reference 6.2), Ch=2, I=1. */
    @Test
    void aFaultThatTheHostHandsOnTakesTwoCommandsOfTheHost() {
        Story story = Story.of("hw-inject-event", folder);
        List<Long> host = story.places("kind == 'LogEntry' && guest == 0 && log == 'EVENT'");
        List<Long> guest = story.places("kind == 'LogEntry' && guest == 1");
        assertThat(host).hasSize(1);
        assertThat(guest).hasSize(1);
        assertThat(host.get(0)).isLessThan(guest.get(0));
        List<Long> inserted = story.values("kind == 'CommandConsumed'", "qword0").stream()
                .filter(q -> q >>> 60 == 9)
                .toList();
        assertThat(inserted).containsExactly(0x9000_0001L << 32);
        List<Long> entry = story.values("kind == 'LogEntry' && guest == 1", "qword0");
        assertThat(entry.get(0) & 0xFFFF).isEqualTo(GuestNic.GUEST_DEVICE);
        CostRow fault = story.costs().operations().get("fault");
        assertThat(fault.operations()).isOne();
        assertThat(fault.count(CostCounter.HOST_COMMANDS)).isEqualTo(2);
        assertThat(fault.count(CostCounter.GUEST_INTERRUPTS)).isOne();
    }

    /** Talk, "Hybrid System Model": each NIC behind its own instance, and nothing crosses. */
    @Test
    void inAHybridEachNicCostsWhatItsOwnInstanceCosts() {
        Story story = Story.of("hybrid-strict-nic", folder);
        CostTable costs = story.costs();
        CostRow emulated = costs.workloads().get("strict NIC, emulated");
        CostRow passthrough = costs.workloads().get(SoftwareScenarios.STRICT_NIC);
        assertThat(emulated.count(CostCounter.VM_EXITS)).isPositive();
        assertThat(emulated.count(CostCounter.WALK_READS)).isZero();
        assertThat(passthrough.count(CostCounter.VM_EXITS)).isZero();
        assertThat(passthrough.count(CostCounter.EMULATED_WALK_READS)).isZero();
        assertThat(passthrough.count(CostCounter.WALK_READS)).isPositive();
    }
}
