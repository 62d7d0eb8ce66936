package org.iorewind.replay.bisect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.iorewind.replay.Fault;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.replay.travel.RandomSession;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.replay.travel.Stop;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.DmaAccess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstHoldingTest {
    @TempDir
    Path folder;

    /** By asking one event after the other. */
    private static OptionalLong byHand(TraceReader trace, StatePredicate predicate) {
        try (ReplayCursor cursor = ReplayCursor.open(
                trace, ReplayOptions.defaults(), CheckpointStore.inMemory(0), Spacing.every(1 << 20))) {
            while (cursor.step() == Stop.REACHED) {
                if (predicate.holds(cursor.event(), cursor.playback(), cursor.effects())) {
                    return OptionalLong.of(cursor.sequence());
                }
            }
            return OptionalLong.empty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"divergences >= 7", "faults > 10 && divergences > 30", "sequence >= 0", "divergences > 100000"})
    void halvingFindsWhatAskingEachFinds(String expression) {
        StatePredicate predicate = StatePredicate.compile(expression);
        try (TraceReader trace = RandomSession.of(folder.resolve("t.iorw"), 5, 2000);
                CheckpointStore store = CheckpointStore.inMemory(1 << 24)) {
            OptionalLong expected = byHand(trace, predicate);
            for (int round = 0; round < 2; round++) {
                FirstHolding search = new FirstHolding(trace, ReplayOptions.defaults(), store, Spacing.every(100));
                assertThat(search.monotone(predicate)).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind == 'DmaRequest' && effects.refused > 0 && iotlb.contains('00:06.0', 0x3000)",
                "!pte('00:06.0', 0x4000).present && faults > 20",
                "dte('00:06.0').domain == 6",
                "commands.head == 0x40 && kind == 'Mark'",
                "memory(0x302800) == 1999"
            })
    void aScanFindsTheFirstWhateverTheThreads(String expression) {
        StatePredicate predicate = StatePredicate.compile(expression);
        try (TraceReader trace = RandomSession.of(folder.resolve("t.iorw"), 6, 2000);
                CheckpointStore store = CheckpointStore.inMemory(1 << 24)) {
            OptionalLong expected = byHand(trace, predicate);
            FirstHolding search = new FirstHolding(trace, ReplayOptions.defaults(), store, Spacing.every(100));
            try (CheckpointStore empty = CheckpointStore.inMemory(1 << 24)) {
                assertThat(new FirstHolding(trace, ReplayOptions.defaults(), empty, Spacing.every(1 << 20))
                                .scan(predicate, 2))
                        .as("without a checkpoint")
                        .isEqualTo(expected);
            }
            assertThat(search.scan(predicate, 1)).isEqualTo(expected);
            try (ReplayCursor cursor = ReplayCursor.open(trace, ReplayOptions.defaults(), store, Spacing.every(100))) {
                cursor.seekEnd();
            }
            assertThat(search.scan(predicate, 2)).isEqualTo(expected);
            assertThat(search.scan(predicate, 7)).isEqualTo(expected);
        }
    }

    @Test
    void theFirstFaultIsTheOneThatAReplayListsFirst() {
        for (long seed = 0; seed < 5; seed++) {
            try (TraceReader trace = RandomSession.of(folder.resolve(seed + ".iorw"), seed, 1000);
                    CheckpointStore store = CheckpointStore.inMemory(1 << 24)) {
                List<Fault> faults = Replay.run(trace, ReplayOptions.defaults()).faults();
                FirstHolding search = new FirstHolding(trace, ReplayOptions.defaults(), store, Spacing.every(100));
                for (int n : new int[] {0, 1, 17, faults.size() - 1}) {
                    OptionalLong found = search.monotone(StatePredicate.compile("faults > " + n));
                    assertThat(found).hasValue(faults.get(n).sequence());
                }
                assertThat(search.monotone(StatePredicate.compile("faults > " + faults.size())))
                        .isEmpty();
            }
        }
    }

    @Test
    void whatNeverCameIsKnownAtTheEnd() {
        SmallSession session =
                SmallSession.observing(folder.resolve("t.iorw"), SessionInfo.observesBit(EventKind.TRANSLATION));
        session.map(0x5000, 0x1000).dma(DmaAccess.READ, 0x5000);
        try (TraceReader trace = session.open();
                CheckpointStore store = CheckpointStore.inMemory(1 << 24)) {
            FirstHolding search = new FirstHolding(trace, ReplayOptions.defaults(), store, Spacing.every(100));
            StatePredicate predicate = StatePredicate.compile("divergences > 0");
            OptionalLong last = byHand(trace, StatePredicate.compile("kind == 'SessionEnd'"));
            assertThat(search.monotone(predicate)).isEqualTo(last);
            assertThat(search.scan(predicate, 1)).isEqualTo(last);
        }
    }
}
