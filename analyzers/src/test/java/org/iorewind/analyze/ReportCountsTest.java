package org.iorewind.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.CostRow;
import org.iorewind.analyze.performance.Performance;
import org.iorewind.replay.Machine;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.replay.predicate.FilterException;
import org.iorewind.replay.predicate.ReplayFilter;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DmaAccess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report counts leads to the events that it was counted of: all of it, and nothing else. */
class ReportCountsTest {
    private static final long IOVA = 0x5000;
    private static final long PAGE = 4096;

    @TempDir
    Path folder;

    private final List<Long> maps = new ArrayList<>();
    private long unmap;

    /** Two pages are mapped by hand, one of them twice; a call does one of it. */
    @BeforeEach
    void record() {
        SmallSession session = SmallSession.running(file());
        session.events().driverCall(CallPhase.ENTER, SmallSession.DEVICE, 0, IOVA, 0x12_3000, PAGE, "map", "");
        maps.add(after(session, () -> session.map(IOVA, 0x12_3000)));
        session.events().driverCall(CallPhase.EXIT, SmallSession.DEVICE, 0, 0, 0, 0, "map", "");
        session.dma(DmaAccess.READ, IOVA).dma(DmaAccess.READ, IOVA);
        unmap = after(session, () -> session.unmap(IOVA));
        session.flush();
        maps.add(after(session, () -> session.map(IOVA, 0x12_4000)));
        maps.add(after(session, () -> session.map(IOVA + PAGE, 0x12_5000)));
        session.dma(DmaAccess.READ, IOVA).dma(DmaAccess.READ, IOVA + 2 * PAGE);
        session.close();
    }

    private Path file() {
        return folder.resolve("trace.iorw");
    }

    /** The number of the event that a step makes. */
    private static long after(SmallSession session, Runnable step) {
        step.run();
        return session.events().phase(CallPhase.POINT, "here") - 1;
    }

    private List<Long> selected(String expression) {
        List<Long> found = new ArrayList<>();
        try (TraceReader trace = Traces.open(file());
                EventCursor events = trace.cursor();
                ReplayFilter filter =
                        ReplayFilter.open(expression, trace, ReplayOptions.defaults(), new ReportCounts())) {
            while (events.next()) {
                if (filter.test(events.event())) {
                    found.add(events.event().sequence());
                }
            }
        }
        return found;
    }

    @Test
    void entriesThatMapAndNoLongerMap() {
        assertThat(selected("counts.mappedEntries > 0")).isEqualTo(maps);
        assertThat(selected("counts.unmappedEntries == 1 && counts.unmappedBytes == 4096"))
                .containsExactly(unmap);
        assertThat(selected("counts.mappedBytes > 0 && counts.operation == 'host map'"))
                .containsExactly(maps.get(0));
    }

    @Test
    void sumsOverAllEventsAreThoseOfTheReport() {
        ReportCounts counts = new ReportCounts();
        Map<String, Long> sums = new TreeMap<>();
        List<ReplayListener> listeners = new ArrayList<>(counts.listeners());
        listeners.add(new ReplayListener() {
            @Override
            public void after(EventView event, Machine machine) {
                for (String name : counts.names()) {
                    if (counts.value(name) instanceof Long count) {
                        sums.merge(name, count, Long::sum);
                    }
                }
            }
        });
        try (TraceReader trace = Traces.open(file())) {
            Replay.run(trace, ReplayOptions.defaults(), listeners.toArray(new ReplayListener[0]));
            Analysis analysis = Analyses.analyze(trace, ReplayOptions.defaults());
            CostRow all = new CostRow();
            analysis.costs().operations().values().forEach(all::add);
            assertThat(all.count(CostCounter.HOST_COMMANDS)).isPositive();
            assertThat(CostCounter.values())
                    .allSatisfy(counter -> assertThat(sums.get(counter.key())).isEqualTo(all.count(counter)));
            assertThat(analysis.performance().operations())
                    .filteredOn(each -> each.name().equals("page table entry mapped"))
                    .extracting(Performance.Operation::count, Performance.Operation::bytes)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(sums.get("mappedEntries"), sums.get("mappedBytes")));
            assertThat(sums.get("mappedEntries")).isEqualTo(3);
        }
    }

    @Test
    void aNameThatIsNoneIsRefusedWithThoseThatAre() {
        assertThatThrownBy(() -> ReplayFilter.check("counts.mapped > 0", new ReportCounts()))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining("mappedEntries")
                .hasMessageContaining("found 'mapped'");
    }
}
