package org.iorewind.analyze.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DmaAccess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostChangesTest {
    private static final long IOVA = 0x5000;

    @TempDir
    Path folder;

    private SmallSession session;

    @BeforeEach
    void running() {
        session = SmallSession.running(folder.resolve("trace.iorw"));
    }

    private void unmap(int flushes) {
        session.events().driverCall(CallPhase.ENTER, -1, 0, IOVA, 0, 4096, "unmap", "");
        session.unmap(IOVA);
        // The ring of 256 commands does not wrap in these tests.
        for (int i = 0; i < flushes; i++) {
            session.flush();
        }
        session.events().driverCall(CallPhase.EXIT, -1, 0, 0, 0, 0, "unmap", "");
    }

    private CostChanges changes(@Nullable CostCounter metric) {
        try (TraceReader trace = session.open()) {
            return CostChanges.find(trace, ReplayOptions.defaults(), metric, UnitCostsReader.builtIn());
        }
    }

    private List<Long> sequences(EventKind kind) {
        List<Long> all = new ArrayList<>();
        try (TraceReader trace = Traces.open(folder.resolve("trace.iorw"));
                EventCursor events = trace.cursor()) {
            while (events.next()) {
                if (events.event().kind() == kind) {
                    all.add(events.event().sequence());
                }
            }
        }
        return all;
    }

    @Test
    void aCallThatBeginsToFlushTwiceIsNamedWithItsFirstEvent() {
        for (int i = 0; i < 80; i++) {
            unmap(i < 50 ? 1 : 2);
        }
        CostChanges found = changes(null);
        assertThat(found.operations()).isEqualTo(80);
        assertThat(found.changes()).hasSize(1);
        CostChange change = found.changes().get(0);
        assertThat(change.operation()).isEqualTo("host unmap");
        assertThat(change.ordinal()).isEqualTo(51);
        assertThat(change.sequence()).isEqualTo(sequences(EventKind.DRIVER_CALL).get(100));
        assertThat(change.operations()).isEqualTo(50);
        assertThat(change.otherOperations()).isEqualTo(30);
        assertThat(change.counter()).isEqualTo(CostCounter.HOST_COMMANDS);
        assertThat(change.count()).isEqualByComparingTo(BigDecimal.ONE);
        assertThat(change.otherCount()).isEqualByComparingTo(BigDecimal.valueOf(2));
        assertThat(change.sources())
                .containsExactly(new SourceDifference(
                        new CostSource(CostSource.Part.COMMAND, "INVALIDATE_IOMMU_PAGES"), 50, 60));
    }

    @Test
    void withoutCallsDoorbellsShowIt() {
        for (int i = 0; i < 60; i++) {
            session.flush();
        }
        for (int i = 0; i < 40; i++) {
            session.store(SmallSession.RING + 60 * 16 + i * 32L, 3L << 60 | 5L << 32)
                    .store(SmallSession.RING + 60 * 16 + i * 32L + 8, 3)
                    .store(SmallSession.RING + 60 * 16 + i * 32L + 16, 1L << 60)
                    .store(SmallSession.RING + 60 * 16 + i * 32L + 24, 0)
                    .register(0x2008, 60 * 16 + (i + 1) * 32L);
        }
        CostChange change = changes(CostCounter.HOST_COMMANDS).changes().get(0);
        assertThat(change.operation()).isEqualTo("doorbells of IOMMU 0");
        assertThat(change.ordinal()).isEqualTo(61);
        assertThat(change.cost()).isEqualByComparingTo(BigDecimal.ONE);
        assertThat(change.otherCost()).isEqualByComparingTo(BigDecimal.valueOf(2));
    }

    @Test
    void requestsThatBeginToMissAreAttributedToCacheAndLevelsAndDevice() {
        for (int page = 0; page < 400; page++) {
            session.map((long) page << 12, 0x1000_0000L + page * 4096L);
        }
        for (int i = 0; i < 200; i++) {
            session.dma(DmaAccess.READ, 0x5000);
        }
        for (int i = 0; i < 200; i++) {
            session.dma(DmaAccess.READ, (long) (i + 16) << 12);
        }
        CostChange change = changes(null).changes().get(0);
        assertThat(change.operation()).isEqualTo("requests of 00:06.0");
        assertThat(change.ordinal()).isEqualTo(201);
        assertThat(change.sequence()).isEqualTo(sequences(EventKind.DMA_REQUEST).get(200));
        assertThat(change.counter()).isEqualTo(CostCounter.WALK_READS);
        assertThat(change.sources())
                .extracting(one -> one.source().part())
                .contains(CostSource.Part.WALK, CostSource.Part.CACHE, CostSource.Part.DEVICE);
        assertThat(change.sources())
                .extracting(one -> one.source().name())
                .contains("IOTLB", "host table, level 1", "00:06.0");
    }

    @Test
    void whatCostsTheSameAllAlongHasNoChange() {
        for (int i = 0; i < 80; i++) {
            unmap(1);
        }
        assertThat(changes(null).changes()).isEmpty();
    }

    @Test
    void whatIsCountedOfAnOperationIsThatOfItsEvents() {
        OperationSeries series = new OperationSeries("x");
        CostRow row = new CostRow();
        row.add(CostCounter.HOST_COMMANDS, 3);
        series.add(row);
        int operations = 3 * (1 << 15) + 7;
        for (int i = 0; i < operations; i++) {
            series.begin(i);
            series.add(row);
        }
        assertThat(series.perItem()).isEqualTo(4);
        assertThat(series.operations()).isEqualTo(operations);
        long[] counts = series.counts(CostCounter.HOST_COMMANDS);
        assertThat(Arrays.stream(counts).sum()).isEqualTo(3L * operations);
        assertThat(counts[0]).isEqualTo(12);
        assertThat(counts[counts.length - 1]).isEqualTo(9);
        assertThat(series.first(1000)).isEqualTo(4000);
    }
}
