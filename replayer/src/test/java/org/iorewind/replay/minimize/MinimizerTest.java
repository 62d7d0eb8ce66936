package org.iorewind.replay.minimize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.replay.bisect.FirstHolding;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.replay.travel.RandomSession;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DmaAccess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MinimizerTest {
    private static final long MANY = 100_000;

    @TempDir
    Path folder;

    private SmallSession session;

    @BeforeEach
    void running() {
        session = SmallSession.running(folder.resolve("whole.iorw"));
    }

    private void work(int times) {
        for (int i = 0; i < times; i++) {
            long iova = (long) (i + 16) << 12;
            session.map(iova, 0x4000_0000L + iova).dma(DmaAccess.READ, iova).unmap(iova);
            session.flush();
        }
    }

    private static Minimizer.Result minimize(TraceReader trace, String predicate) {
        return new Minimizer(trace, ReplayOptions.defaults(), MANY)
                .keep(StatePredicate.compile(predicate))
                .orElseThrow();
    }

    private Path written(Minimizer.Result result) {
        Path small = folder.resolve("small.iorw");
        try (ArchiveWriter writer = ArchiveWriter.create(small)) {
            result.selection().writeTo(writer);
        }
        return small;
    }

    private static OptionalLong first(TraceReader trace, String predicate) {
        try (CheckpointStore store = CheckpointStore.inMemory(0)) {
            return new FirstHolding(trace, ReplayOptions.defaults(), store, Spacing.every(1 << 20))
                    .scan(StatePredicate.compile(predicate), 1);
        }
    }

    private static Map<String, Integer> kinds(TraceReader trace) {
        Map<String, Integer> kinds = new TreeMap<>();
        try (EventCursor events = trace.cursor()) {
            while (events.next()) {
                kinds.merge(String.valueOf(events.event().kind()), 1, Integer::sum);
            }
        }
        return kinds;
    }

    /**
     * To be refused for a missing page a request needs: a device table with an entry, tables that lead to an empty entry, which
     * are one to three, the register that names the device table and the one that turns the IOMMU on.
     */
    @Test
    void ofALongTraceThatIsLeftWhichARefusalNeeds() {
        work(20);
        session.dma(DmaAccess.WRITE, 0x5000);
        work(20);
        try (TraceReader trace = session.open()) {
            Minimizer.Result result = minimize(trace, "faults > 0");
            assertThat(result.isMinimal()).isTrue();
            assertThat(result.events()).isGreaterThan(150);
            try (TraceReader small = Traces.open(written(result))) {
                assertThat(first(small, "faults > 0")).isPresent();
                assertThat(kinds(small))
                        .containsEntry("SESSION_START", 1)
                        .containsEntry("SESSION_END", 1)
                        .containsEntry("DMA_REQUEST", 1)
                        .containsEntry("MMIO_WRITE", 2)
                        .containsKey("MEMORY_WRITE")
                        .hasSize(5);
                assertThat(kinds(small).get("MEMORY_WRITE")).isBetween(3, 5);
                int kept = result.selection().events();
                assertThat(small.session().contract())
                        .contains("Minimized: " + kept + " of " + result.events() + " events");
                assertThat(small.session().sessionId())
                        .isNotEqualTo(trace.session().sessionId());
                assertThat(minimize(small, "faults > 0").selection().events())
                        .as("nothing more can go")
                        .isEqualTo(kept);
            }
        }
    }

    @Test
    void aPageThatOutlivesItsEntryNeedsMapUseAndUnmapOnly() {
        work(10);
        session.map(0x5000, 0x1234_5000L).dma(DmaAccess.READ, 0x5000).unmap(0x5000);
        work(10);
        String stale = "iotlb.contains('00:06.0', 0x5000) && pte('00:06.0', 0x5000).known"
                + " && !pte('00:06.0', 0x5000).present";
        try (TraceReader trace = session.open()) {
            Minimizer.Result result = minimize(trace, stale);
            try (TraceReader small = Traces.open(written(result))) {
                assertThat(first(small, stale)).isPresent();
                Map<String, Integer> kinds = kinds(small);
                assertThat(kinds).containsEntry("DMA_REQUEST", 1).doesNotContainKey("INJECTED_EVENT");
                // device table and entry, two directories, map, unmap; of the tables no other byte is read
                assertThat(kinds).containsEntry("MEMORY_WRITE", 6);
            }
        }
    }

    /** Where the commands before it are left out, the head has to be moved behind them. */
    @Test
    void aCommandStaysWithItsDoorbellAndRunsAtItsPlace() {
        work(12);
        String dropped = "effects.pagesDropped > 0 && commands.head == 0xc0";
        try (TraceReader trace = session.open()) {
            assertThat(first(trace, dropped)).as("the twelfth command").isPresent();
            Minimizer.Result result = minimize(trace, dropped);
            try (TraceReader small = Traces.open(written(result))) {
                assertThat(first(small, dropped)).isPresent();
                assertThat(kinds(small))
                        .containsEntry("INJECTED_EVENT", 1)
                        .containsEntry("DMA_REQUEST", 1)
                        // three bases or switches, and one doorbell
                        .containsEntry("MMIO_WRITE", 4);
            }
        }
    }

    @Test
    void beginAndEndOfACallStayTogether() {
        for (int i = 0; i < 8; i++) {
            session.events().driverCall(CallPhase.ENTER, -1, 0, 0, 0, 0, "map", "");
            session.map((long) i << 12, 0x4000_0000L).dma(DmaAccess.READ, (long) i << 12);
            session.events().driverCall(CallPhase.EXIT, -1, 0, 0, 0, 0, "map", "");
        }
        try (TraceReader trace = session.open()) {
            Minimizer.Result result =
                    minimize(trace, "kind == 'DriverCall' && phase == 'EXIT' && iotlb.contains('00:06.0', 0x3000)");
            try (TraceReader small = Traces.open(written(result))) {
                assertThat(kinds(small)).containsEntry("DRIVER_CALL", 2).containsEntry("DMA_REQUEST", 1);
            }
        }
    }

    @Test
    void whatHoldsNowhereIsNotKept() {
        try (TraceReader trace = session.open()) {
            Minimizer minimizer = new Minimizer(trace, ReplayOptions.defaults(), MANY);
            assertThat(minimizer.keep(StatePredicate.compile("faults > 0"))).isEmpty();
            assertThat(minimizer.keep(selection -> false)).isEmpty();
        }
    }

    @Test
    void theSameQuestionHasTheSameAnswer() {
        String predicate = "divergences > 2 && faults > 3";
        try (TraceReader trace = RandomSession.of(folder.resolve("random.iorw"), 11, 600)) {
            Minimizer.Result one = minimize(trace, predicate);
            Minimizer.Result other = minimize(trace, predicate);
            assertThat(one.isMinimal()).isTrue();
            assertThat(other.selection().sequences()).isEqualTo(one.selection().sequences());
            assertThat(other.replays()).isEqualTo(one.replays());
            try (TraceReader small = Traces.open(written(one))) {
                assertThat(first(small, predicate)).isPresent();
            }
        }
    }

    @Test
    void whoStopsItGetsTheBestSoFar() {
        work(10);
        session.dma(DmaAccess.WRITE, 0x5000);
        try (TraceReader trace = session.open()) {
            AtomicReference<BitSet> best = new AtomicReference<>(new BitSet());
            Minimizer minimizer = new Minimizer(trace, ReplayOptions.defaults(), MANY);
            Minimizer.Result result = minimizer
                    .keep(selection -> {
                        boolean shows = selection.sequences().get(20);
                        if (shows) {
                            best.set(selection.sequences());
                        }
                        if (best.get().cardinality() < 40) {
                            minimizer.stop();
                        }
                        return shows;
                    })
                    .orElseThrow();
            assertThat(result.isMinimal()).isFalse();
            assertThat(result.selection().sequences()).isEqualTo(best.get());
        }
    }

    @Test
    void itTriesNoMoreOftenThanItMay() {
        work(30);
        session.dma(DmaAccess.WRITE, 0x5000);
        try (TraceReader trace = session.open()) {
            Minimizer.Result result = new Minimizer(trace, ReplayOptions.defaults(), 5)
                    .keep(StatePredicate.compile("faults > 0"))
                    .orElseThrow();
            assertThat(result.isMinimal()).isFalse();
            assertThat(result.replays()).isLessThanOrEqualTo(5);
        }
    }
}
