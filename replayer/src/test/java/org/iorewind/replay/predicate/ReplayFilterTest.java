package org.iorewind.replay.predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.replay.Playback;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.replay.checkpoint.Checkpoint;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that are selected by what they did, and by what became of them. */
class ReplayFilterTest {
    private static final long IOVA = 0x5000;
    private static final long PHYSICAL = 0x12_3000;
    private static final long OTHER = 0x12_4000;

    @TempDir
    Path folder;

    private SmallSession session;

    @BeforeEach
    void running() {
        session = SmallSession.observing(folder.resolve("trace.iorw"), SessionInfo.observesBit(EventKind.TRANSLATION));
        session.map(IOVA, PHYSICAL);
    }

    private SmallSession miss(long result) {
        return session.observed(TranslationOutcome.TRANSLATED, CacheAnswer.MISS, IOVA, result);
    }

    private SmallSession hit(long result) {
        return session.observed(TranslationOutcome.TRANSLATED, CacheAnswer.HIT, IOVA, result);
    }

    /** What each filter selects: of the requests the number of each, from 1; of observations the number of their request. */
    private List<String> selected(String expression) {
        List<String> found = new ArrayList<>();
        try (TraceReader trace = session.open();
                EventCursor events = trace.cursor();
                ReplayFilter filter =
                        ReplayFilter.open(expression, trace, ReplayOptions.defaults(), EventCounts.NONE)) {
            int requests = 0;
            while (events.next()) {
                EventKind kind = events.event().kind();
                requests += kind == EventKind.DMA_REQUEST ? 1 : 0;
                if (filter.test(events.event())) {
                    found.add((kind == EventKind.DMA_REQUEST ? "request " : "answer ") + requests);
                }
            }
        }
        return found;
    }

    /** A miss, a hit, a second one of which another page was observed, and one that nobody saw, which is the last input. */
    private void fourRequests() {
        session.dma(DmaAccess.READ, IOVA);
        miss(PHYSICAL);
        session.dma(DmaAccess.READ, IOVA);
        hit(PHYSICAL);
        session.dma(DmaAccess.READ, IOVA);
        hit(OTHER);
        session.dma(DmaAccess.READ, IOVA);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "effects.iotlbMisses > 0; request 1",
                "effects.iotlbHits > 0; request 2, request 3, request 4",
                "effects.entryReads > 0; request 1",
                "effects.entryHits > 0; request 2, request 3, request 4",
                "effects.hostReads[3] == 1 && effects.hostReads[2] == 1 && effects.hostReads[1] == 1; request 1",
                "effects.pageSizes[12] == 1; request 1, request 2, request 3, request 4",
                "effects.comparison == 'MATCHED'; answer 1, answer 2",
                "effects.comparison == 'DIVERGENCE'; answer 3",
                "unobserved > 0; request 4",
                "effects.comparison == 'DIVERGENCE' || unobserved == 1; answer 3, request 4",
                "kind == 'DmaRequest' && unobserved == 0 && effects.iotlbHits > 0; request 2, request 3",
            })
    void whatTheyDidAndWhatBecameOfThem(String expression, String expected) {
        fourRequests();
        assertThat(String.join(", ", selected(expression))).isEqualTo(expected);
    }

    /** What nobody observed is found where it belongs, and not where it became known. */
    @Test
    void whatIsUnobservedIsTheInputsOwn() {
        session.dma(DmaAccess.READ, IOVA).dma(DmaAccess.READ, IOVA);
        hit(PHYSICAL);
        session.unmap(IOVA);
        assertThat(selected("unobserved > 0")).containsExactly("request 1");
    }

    @Test
    void theySelectAsManyAsAReplayCounts() {
        fourRequests();
        assertThat(selected("effects.comparison == 'DIVERGENCE' || unobserved > 0"))
                .hasSize(2);
        try (TraceReader trace = org.iorewind.trace.Traces.open(folder.resolve("trace.iorw"))) {
            assertThat(Replay.run(trace, ReplayOptions.defaults())
                            .observations()
                            .divergences())
                    .isEqualTo(2);
        }
    }

    /** The entry of an IOMMU's ring that is not in the recording (reference 3.1): the doorbell needs it. */
    @Test
    void memoryThatTheTraceDoesNotHold() {
        session.register(0x08, 0x70_0000 | 8L << 56).register(0x2008, 16);
        assertThat(selected("'COMMAND' in effects.notRecorded")).hasSize(1);
    }

    /** What a filter says of the rest of a trace, from the checkpoint that it took. */
    private List<Long> rest(String expression, CheckpointStore store, long from) {
        List<Long> found = new ArrayList<>();
        try (TraceReader trace = Traces.open(folder.resolve("trace.iorw"));
                EventCursor events = trace.cursor();
                ReplayFilter filter =
                        ReplayFilter.open(expression, trace, ReplayOptions.defaults(), EventCounts.NONE)) {
            events.seek(filter.skipTo(store, from));
            while (events.next()) {
                long sequence = events.event().sequence();
                if (sequence < from) {
                    filter.pass(events.event());
                } else if (filter.test(events.event())) {
                    found.add(sequence);
                }
            }
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {"effects.iotlbHits + effects.iotlbMisses > 0", "faults > 0", "unobserved > 0"})
    void aCheckpointSavesTheWayAndChangesNoAnswer(String expression) {
        session.close();
        CheckpointStore none = CheckpointStore.inMemory(1 << 20);
        CheckpointStore some = CheckpointStore.inMemory(1 << 24);
        long end = 0;
        try (TraceReader trace = Traces.open(folder.resolve("trace.iorw"));
                EventCursor events = trace.cursor()) {
            Playback playback = Playback.start(trace.session(), "test", ReplayOptions.defaults());
            while (events.next()) {
                playback.handle(events.event());
                end++;
                if (end % 7 == 0) {
                    some.add(Checkpoint.take(playback));
                }
            }
        }
        for (long from = 0; from < end; from++) {
            assertThat(rest(expression, some, from)).as("from " + from).isEqualTo(rest(expression, none, from));
        }
        try (TraceReader trace = Traces.open(folder.resolve("trace.iorw"));
                ReplayFilter filter =
                        ReplayFilter.open(expression, trace, ReplayOptions.defaults(), EventCounts.NONE)) {
            assertThat(filter.skipTo(some, 13)).isEqualTo(expression.startsWith("unobserved") ? 0 : 7);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "effects.iotlbHits > 0",
                "kind == 'DmaRequest' && (faults > 0 || sequence == 3)",
                "!iotlb.contains('00:06.0', 0x5000)",
                "dte(requester).valid",
                "'COMMAND' in effects.notRecorded",
                "[1, 2].exists(i, effects.hostReads[i] > 0)",
                "{'a': memory(0x1000)}['a'] == 1",
                "has(effects.command)",
                "unobserved > 0"
            })
    void theseNeedAReplay(String expression) {
        assertThat(ReplayFilter.isNeededFor(expression)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind == 'DmaRequest' && requester == '00:06.0'",
                "call == 'effects'",
                "text.contains('faults')",
                "[1, 2].exists(i, i == sequence)",
                "kind = 1 effects"
            })
    void theseDoNot(String expression) {
        assertThat(ReplayFilter.isNeededFor(expression)).isFalse();
    }

    @Test
    void aMistakeIsShownWithItsPlace() {
        assertThatThrownBy(() -> ReplayFilter.check("effects.iotlbMiss > 0", EventCounts.NONE))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining("at column 8")
                .hasMessageContaining("iotlbMisses");
        assertThatThrownBy(() -> StatePredicate.compile("unobserved > 0")).isInstanceOf(FilterException.class);
    }
}
