package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.CostRow;
import org.iorewind.model.platform.SystemBus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the references (amd-viommu, and base where said) expect of a VMM that emulates an IOMMU. */
class TrapScenariosTest {
    private static final long NOT_SUPPORTED = -95;
    private static final long IO_PAGE_FAULT = 2;

    @TempDir
    Path folder;

    private static CostRow workload(Story story, String name) {
        return Objects.requireNonNull(story.costs().workloads().get(name), name);
    }

    /** Base reference 8.2, twice: the host's table gives the host's vector, the guest's table the guest's. */
    @Test
    void anInterruptOfAPassthroughDeviceIsRemappedByHostAndGuest() {
        Story story = Story.of("sw-shadow-intremap", folder);
        String ofDevices = "kind == 'InterruptDelivered' && outcome != 'IOMMU_OWN'";
        assertThat(story.values(ofDevices + " && iommu == 0 && outcome == 'REMAPPED'", "data"))
                .hasSize(2)
                .allMatch(data -> (data & 0xFF) == TrapScenarios.HOST_VECTOR);
        assertThat(story.values(ofDevices + " && iommu == 1 && outcome == 'REMAPPED'", "data"))
                .hasSize(1)
                .allMatch(data -> (data & 0xFF) == FurtherScenarios.VECTOR);
        assertThat(story.count(ofDevices + " && iommu == 1 && outcome == 'DROPPED'"))
                .isOne();
        assertThat(story.values("kind == 'LogEntry' && iommu == 1", "qword0"))
                .as("the guest hears of the refused one")
                .hasSize(1)
                .allMatch(q -> q >>> 60 == IO_PAGE_FAULT && (q & 0xFFFF) == GuestNic.GUEST_DEVICE);
        assertThat(story.values("kind == 'DriverCall' && call == 'inject-interrupt'", "requester"))
                .as("the message, and the event log's")
                .containsExactly((long) GuestNic.GUEST_DEVICE, (long) SystemBus.NO_REQUESTER);
        assertThat(Objects.requireNonNull(story.costs().find("host interrupt"))
                        .count(CostCounter.INTERRUPT_TABLE_WRITES))
                .as("quadwords of one entry")
                .isEqualTo(2);
    }

    /** Reference 9.2, rows "buffer base / control" and "tail / head / status", column SW: X=1, S=0 each. */
    @Test
    void eachAccessToARegisterLeavesTheGuest() {
        Story story = Story.of("sw-mmio-exits", folder);
        CostRow bases = workload(story, TrapScenarios.BASES);
        CostRow pointers = workload(story, TrapScenarios.POINTERS);
        assertThat(bases.count(CostCounter.VM_EXITS)).isEqualTo(TrapScenarios.BASE_REGISTERS.size());
        assertThat(pointers.count(CostCounter.VM_EXITS)).isEqualTo(TrapScenarios.POINTER_REGISTERS.size());
        for (CostRow row : List.of(bases, pointers)) {
            assertThat(row.count(CostCounter.HOST_CALLS)).isZero();
            assertThat(row.count(CostCounter.HOST_COMMANDS)).isZero();
            assertThat(row.count(CostCounter.HOST_REGISTERS)).isZero();
        }
    }

    /** Reference 9.2, row "flush domain", column SW: X=2, a scan; S up to the number of live mappings, none by a comparison. */
    @Test
    void aFlushOfADomainCostsCallsForWhatHasChanged() {
        Story story = Story.of("sw-flush-domain", folder);
        CostRow idle = workload(story, TrapScenarios.IDLE_FLUSH);
        CostRow late = workload(story, TrapScenarios.LATE_FLUSH);
        assertThat(idle.count(CostCounter.VM_EXITS)).isEqualTo(2);
        assertThat(late.count(CostCounter.VM_EXITS)).isEqualTo(2);
        assertThat(idle.count(CostCounter.SOFTWARE_READS)).isPositive();
        assertThat(idle.count(CostCounter.HOST_CALLS)).isZero();
        assertThat(late.count(CostCounter.HOST_CALLS)).isEqualTo(TrapScenarios.LIVE);
        assertThat(late.count(CostCounter.UNPINS)).isEqualTo(TrapScenarios.LIVE);
        assertThat(story.reachedByDevices()).as("between unmap and flush only").hasSize(1);
        assertThat(story.values("kind == 'LogEntry' && iommu == 0", "qword0"))
                .hasSize(1)
                .allMatch(q -> q >>> 60 == IO_PAGE_FAULT);
    }

    /** Reference 9.4: refused without dma-remap; with it NpCache makes maps cost Cg=2 and X=2 (9.2). */
    @Test
    void passthroughDevicesNeedDmaRemap() {
        Story story = Story.of("sw-no-npcache-refused", folder);
        assertThat(story.values("kind == 'DriverCall' && call == 'attach' && phase == 'EXIT'", "result"))
                .startsWith(NOT_SUPPORTED, 0L);
        assertThat(story.values("kind == 'IommuStart' && iommu == 1", "options"))
                .as("NpCache")
                .allMatch(options -> (options & 1) == 0);
        assertThat(story.values("kind == 'IommuStart' && iommu == 2", "options"))
                .as("NpCache")
                .hasSize(1)
                .allMatch(options -> (options & 1) == 1);
        CostRow map = Objects.requireNonNull(story.costs().find("map"));
        assertThat(map.count(CostCounter.GUEST_COMMANDS)).isEqualTo(2);
        assertThat(map.count(CostCounter.VM_EXITS)).isEqualTo(2);
        assertThat(story.reachedByDevices()).hasSize(1);
    }
}
