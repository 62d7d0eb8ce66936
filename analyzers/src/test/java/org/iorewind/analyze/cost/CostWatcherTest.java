package org.iorewind.analyze.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.ExitReason;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.MmioSpace;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever takes time counts for the outermost operation around it. */
class CostWatcherTest {
    private static final int HOST = EventWriter.NO_GUEST;
    private static final long IOVA = 0x5000;

    @TempDir
    Path folder;

    private SmallSession session;

    @BeforeEach
    void running() {
        session = SmallSession.running(folder.resolve("trace.iorw"));
    }

    private CostTable table() {
        try (TraceReader trace = session.open()) {
            return CostComparison.Column.of(trace, "trace", ReplayOptions.defaults())
                    .table();
        }
    }

    private static CostRow row(CostTable table, String operation) {
        return Objects.requireNonNull(table.find(operation), operation);
    }

    private void call(int guest, CallPhase phase, String name, long size) {
        session.events().guest(guest).driverCall(phase, -1, 0, 0, 0, size, name, "");
        session.events().guest(HOST);
    }

    private void entry(int guest, MemoryRegion region, long address, int bytes) {
        session.events().guest(guest).memoryWrite(MemoryOrigin.CPU_STORE, region, address, new byte[bytes], 0, bytes);
        session.events().guest(HOST);
    }

    private void exit(int guest) {
        session.events().guest(guest).vmExit(ExitReason.MMIO, 0, 0);
        session.events().guest(HOST);
    }

    /** What amd-viommu reference 9.2 says of an unmap with a shadow table: X=2, S=1, Ch=2, unpin n. */
    @Test
    void whatHostAndHardwareDoInsideAGuestsCallCountsForTheCall() {
        call(1, CallPhase.ENTER, "unmap", 4096);
        entry(1, MemoryRegion.HOST_TABLE, 0x60_0000, 8);
        exit(1);
        exit(1);
        call(HOST, CallPhase.ENTER, "shadow-sync", 0);
        call(HOST, CallPhase.ENTER, "IOAS_UNMAP", 4096);
        entry(HOST, MemoryRegion.HOST_TABLE, 0x60_1000, 8);
        call(HOST, CallPhase.POINT, "unpin", 1);
        call(HOST, CallPhase.POINT, "software-read", 5);
        session.flush();
        call(HOST, CallPhase.EXIT, "IOAS_UNMAP", 0);
        call(HOST, CallPhase.EXIT, "shadow-sync", 0);
        call(1, CallPhase.EXIT, "unmap", 0);
        CostRow unmap = row(table(), "unmap");
        assertThat(unmap.operations()).isOne();
        assertThat(unmap.count(CostCounter.VM_EXITS)).isEqualTo(2);
        assertThat(unmap.count(CostCounter.HOST_CALLS)).isOne();
        assertThat(unmap.count(CostCounter.HOST_COMMANDS)).isOne();
        assertThat(unmap.count(CostCounter.GUEST_TABLE_WRITES)).isOne();
        assertThat(unmap.count(CostCounter.HOST_TABLE_WRITES)).isOne();
        assertThat(unmap.count(CostCounter.UNPINS)).isOne();
        assertThat(unmap.count(CostCounter.SOFTWARE_READS)).isEqualTo(5);
        assertThat(unmap.count(CostCounter.HOST_REGISTERS)).isOne();
    }

    @Test
    void aCallInsideACallIsNoOperationOfItsOwn() {
        call(1, CallPhase.ENTER, "unmap", 4096);
        call(1, CallPhase.ENTER, "flush", 4096);
        exit(1);
        call(1, CallPhase.EXIT, "flush", 0);
        call(1, CallPhase.EXIT, "unmap", 0);
        CostTable table = table();
        assertThat(table.find("flush")).isNull();
        assertThat(row(table, "unmap").operations()).isOne();
        assertThat(row(table, "unmap").count(CostCounter.VM_EXITS)).isOne();
    }

    @Test
    void hostsWorkOfItsOwnIsToldApart() {
        call(HOST, CallPhase.ENTER, "map", 4096);
        entry(HOST, MemoryRegion.HOST_TABLE, 0x60_0000, 4096);
        entry(HOST, MemoryRegion.DEVICE_TABLE, 0x60_0000, 32);
        call(HOST, CallPhase.EXIT, "map", 0);
        CostRow map = row(table(), "host map");
        assertThat(map.operations()).isOne();
        assertThat(map.count(CostCounter.PAGES_CLEARED)).isOne();
        assertThat(map.count(CostCounter.HOST_TABLE_WRITES)).isZero();
        assertThat(map.count(CostCounter.DEVICE_TABLE_WRITES)).isOne();
    }

    /** A walk of three levels reads three entries; the device table entry is one more. */
    @Test
    void aMissCostsItsWalkAndAHitNothing() {
        session.map(IOVA, 0x12_3000);
        session.dma(DmaAccess.READ, IOVA).dma(DmaAccess.READ, IOVA);
        CostTable table = table();
        assertThat(row(table, CostTable.MISS).operations()).isOne();
        assertThat(row(table, CostTable.MISS).count(CostCounter.WALK_READS)).isEqualTo(4);
        assertThat(row(table, CostTable.HIT).operations()).isOne();
        assertThat(row(table, CostTable.HIT).count(CostCounter.WALK_READS)).isZero();
    }

    @Test
    void aRefusedRequestIsAFaultAndReadingTheLogBelongsToIt() {
        session.dma(DmaAccess.READ, IOVA);
        call(1, CallPhase.ENTER, "fault", 0);
        exit(1);
        call(1, CallPhase.EXIT, "fault", 0);
        CostRow fault = row(table(), "fault");
        assertThat(fault.operations()).isOne();
        assertThat(fault.count(CostCounter.HOST_LOG_WRITES)).isOne();
        assertThat(fault.count(CostCounter.VM_EXITS)).isOne();
    }

    @Test
    void theHostsHandlingOfAFaultAndTheInterruptForItBelongToTheFault() {
        session.dma(DmaAccess.READ, IOVA);
        call(HOST, CallPhase.POINT, "inject-interrupt", 1);
        call(HOST, CallPhase.ENTER, "fault", 0);
        session.flush();
        call(HOST, CallPhase.EXIT, "fault", 0);
        call(HOST, CallPhase.POINT, "inject-interrupt", 1);
        CostTable table = table();
        CostRow fault = row(table, "fault");
        assertThat(fault.operations()).isOne();
        assertThat(fault.count(CostCounter.HOST_COMMANDS)).isOne();
        assertThat(fault.count(CostCounter.GUEST_INTERRUPTS)).isOne();
        assertThat(row(table, CostTable.OTHER).count(CostCounter.GUEST_INTERRUPTS))
                .isOne();
        assertThat(table.find("host fault")).isNull();
    }

    @Test
    void whatAnEmulatedIommuDoesIsSoftware() {
        session.events().iommu(1).iommuStart(new IommuInfo(0, 0, 0, 0x50_0000, 0x10_0000, "spec"));
        session.events().iommu(0);
        session.page(0x50_0000);
        session.store(0x50_0000 + SmallSession.DEVICE * 32L, 3L << 61 | 3);
        session.events().iommu(1).mmioWrite(MmioSpace.HOST, 8, 0x18, 1);
        session.events().dmaRequest(DmaAccess.READ, SmallSession.DEVICE, IOVA, 8, -1);
        session.events().iommu(0);
        CostRow hit = row(table(), CostTable.MISS);
        assertThat(hit.count(CostCounter.EMULATED_WALK_READS)).isOne();
        assertThat(hit.count(CostCounter.WALK_READS)).isZero();
    }

    @Test
    void aWorkloadHasAllThatHappensInItsPhase() {
        session.events().phase(CallPhase.ENTER, "nic");
        call(1, CallPhase.ENTER, "map", 4096);
        exit(1);
        call(1, CallPhase.EXIT, "map", 0);
        exit(1);
        session.events().phase(CallPhase.EXIT, "nic");
        exit(1);
        CostTable table = table();
        CostRow nic = Objects.requireNonNull(table.workloads().get("nic"));
        assertThat(nic.count(CostCounter.VM_EXITS)).isEqualTo(2);
        assertThat(nic.operations()).isOne();
        assertThat(row(table, CostTable.OTHER).count(CostCounter.VM_EXITS)).isEqualTo(2);
    }

    @Test
    void callsThatNeverEndAndNamesWithoutEndAreBounded() {
        for (int i = 0; i < 3 * CostTable.MOST_NAMES; i++) {
            call(HOST, CallPhase.ENTER, "name-" + i, 0);
            call(HOST, CallPhase.EXIT, "name-" + i, 0);
        }
        for (int i = 0; i < 1000; i++) {
            call(1, CallPhase.ENTER, "deep", 0);
        }
        for (int i = 0; i < 1000; i++) {
            call(1, CallPhase.EXIT, "deep", 0);
        }
        call(1, CallPhase.EXIT, "nothing is open", 0);
        exit(1);
        CostTable table = table();
        assertThat(table.operations()).hasSizeLessThanOrEqualTo(CostTable.MOST_NAMES + 1);
        assertThat(row(table, CostTable.OTHER).count(CostCounter.VM_EXITS)).isOne();
    }

    @Test
    void theWeightedCostIsTheSumOfCountsTimesUnitCosts() {
        call(1, CallPhase.ENTER, "map", 4096);
        exit(1);
        exit(1);
        entry(1, MemoryRegion.GUEST_TABLE, 0x60_0000, 8);
        call(1, CallPhase.EXIT, "map", 0);
        UnitCosts costs = UnitCostsReader.builtIn();
        BigDecimal expected = costs.of(CostCounter.VM_EXITS)
                .ns()
                .multiply(BigDecimal.valueOf(2))
                .add(costs.of(CostCounter.GUEST_TABLE_WRITES).ns());
        CostRow map = row(table(), "map");
        assertThat(map.cost(costs)).isEqualByComparingTo(expected);
        assertThat(map.each(CostCounter.VM_EXITS)).isEqualByComparingTo("2");
    }

    @Test
    void theUsualOperationsComeFirst() {
        call(1, CallPhase.ENTER, "attach", 0);
        call(1, CallPhase.EXIT, "attach", 0);
        call(1, CallPhase.ENTER, "anything", 0);
        call(1, CallPhase.EXIT, "anything", 0);
        call(1, CallPhase.ENTER, "map", 0);
        call(1, CallPhase.EXIT, "map", 0);
        assertThat(CostTable.order(List.of(table()))).containsExactly("map", "attach", "anything", "other");
    }
}
