package org.iorewind.replay.bisect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.iorewind.replay.ModelOptions;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.replay.bisect.OptionComparison.Difference;
import org.iorewind.replay.bisect.OptionComparison.Result;
import org.iorewind.replay.bisect.OptionComparison.Side;
import org.iorewind.replay.travel.RandomSession;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.DmaAccess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionComparisonTest {
    private static final String[] SMALL = {"iotlb.sets=1", "iotlb.ways=2", "walk.caches=off"};
    private static final String[] LARGE = {"iotlb.sets=64", "iotlb.ways=4", "walk.caches=off"};

    @TempDir
    Path folder;

    private SmallSession session;

    @BeforeEach
    void running() {
        session = SmallSession.running(folder.resolve("t.iorw"));
        for (int page = 0; page < 8; page++) {
            session.map(page << 12, 0x10_0000L * (page + 16));
        }
    }

    private static Side side(String... options) {
        return new Side(ReplayOptions.defaults().withModel(ModelOptions.of(List.of(options))), List.of());
    }

    private static Result compare(TraceReader trace) {
        return OptionComparison.compare(trace, side(SMALL), side(LARGE));
    }

    private static long lastRequest(TraceReader trace) {
        long last = -1;
        try (EventCursor events = trace.cursor()) {
            while (events.next()) {
                last = events.event().kind() == EventKind.DMA_REQUEST
                        ? events.event().sequence()
                        : last;
            }
        }
        return last;
    }

    /** Two ways hold pages 1 and 2; page 0 is walked again. */
    @Test
    void aPageThatASmallCacheHasLostOnlyCostsMore() {
        for (int page : new int[] {0, 1, 2, 0}) {
            session.dma(DmaAccess.READ, page << 12);
        }
        try (TraceReader trace = session.open()) {
            Result result = compare(trace);
            assertThat(result.outcome()).isNull();
            assertThat(result.cost())
                    .isEqualTo(
                            new Difference(lastRequest(trace), "IOTLB misses 1, table entries read 3", "IOTLB hits 1"));
        }
    }

    @Test
    void aStalePageThatOnlyALargeCacheStillHasIsAnotherOutcome() {
        for (int page : new int[] {0, 1, 2}) {
            session.dma(DmaAccess.READ, page << 12);
        }
        session.unmap(0).dma(DmaAccess.READ, 0);
        try (TraceReader trace = session.open()) {
            Difference outcome = compare(trace).outcome();
            assertThat(outcome).isNotNull();
            assertThat(outcome.sequence()).isEqualTo(lastRequest(trace));
            assertThat(outcome.what()).contains("00:06.0 for 0x0: PAGE_NOT_PRESENT");
            assertThat(outcome.otherWhat()).contains("00:06.0 for 0x0: TRANSLATED, leads to 0x1000000");
        }
    }

    @Test
    void theSameOptionsAreTheSame() {
        try (TraceReader trace = RandomSession.of(folder.resolve("random.iorw"), 3, 2000)) {
            Result result = OptionComparison.compare(trace, side(SMALL), side(SMALL));
            assertThat(result.outcome()).isNull();
            assertThat(result.cost()).isNull();
        }
    }

    @Test
    void theOtherWayRoundIsTheSameEvent() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 100; i++) {
            session.dma(DmaAccess.READ, random.nextInt(8) << 12);
        }
        try (TraceReader trace = session.open()) {
            Result one = compare(trace);
            Result other = OptionComparison.compare(trace, side(LARGE), side(SMALL));
            assertThat(one.cost()).isNotNull();
            assertThat(other.cost()).isNotNull();
            assertThat(other.cost().sequence()).isEqualTo(one.cost().sequence());
            assertThat(other.cost().what()).isEqualTo(one.cost().otherWhat());
        }
    }
}
