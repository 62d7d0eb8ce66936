package org.iorewind.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.DmaAccess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups of listeners hear the same however many threads there are, and no failure is lost. */
class GroupedReplayTest {
    private static final long IOVA = 0x5000;

    @TempDir
    Path folder;

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private SmallSession session;

    @BeforeEach
    void record() {
        session = SmallSession.running(folder.resolve("trace.iorw"));
        session.map(IOVA, 0x12_3000)
                .dma(DmaAccess.READ, IOVA)
                .unmap(IOVA)
                .flush()
                .dma(DmaAccess.READ, IOVA);
    }

    private final class Heard implements ReplayListener {
        private final List<Long> before = new ArrayList<>();
        private final List<Long> after = new ArrayList<>();

        @Override
        public void before(EventView event, Machine machine) {
            threads.add(Thread.currentThread());
            before.add(event.sequence());
        }

        @Override
        public void after(EventView event, Machine machine) {
            after.add(machine.stateHash());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void everyListenerHearsEverything(int most) {
        List<Heard> heard = List.of(new Heard(), new Heard(), new Heard(), new Heard());
        List<List<ReplayListener>> groups =
                List.of(List.of(heard.get(0)), List.of(heard.get(1), heard.get(2)), List.of(heard.get(3)));
        try (TraceReader trace = session.open()) {
            long events = new GroupedReplay(trace, ReplayOptions.defaults())
                    .run(most, groups)
                    .events();
            assertThat(events).isPositive();
            assertThat(heard).allSatisfy(each -> {
                assertThat(each.before).hasSize((int) events);
                assertThat(each.before).isEqualTo(heard.get(0).before);
                assertThat(each.after).isEqualTo(heard.get(0).after);
            });
            assertThat(threads).hasSize(Math.min(most, groups.size()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void whoeverFailsIsHeardOf(int failing) {
        List<List<ReplayListener>> groups = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            groups.add(List.of(new ReplayListener() {
                @Override
                public void before(EventView event, Machine machine) {
                    if (number == failing && event.sequence() == 7) {
                        throw new IllegalStateException("listener " + number);
                    }
                }
            }));
        }
        try (TraceReader trace = session.open()) {
            GroupedReplay replay = new GroupedReplay(trace, ReplayOptions.defaults());
            assertThatThrownBy(() -> replay.run(3, groups))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("listener " + failing);
        }
    }

    @Test
    void anAnalysisIsTheSame() {
        try (TraceReader trace = session.open()) {
            Analysis one = Analyses.analyze(trace, ReplayOptions.defaults(), 1);
            Analysis two = Analyses.analyze(trace, ReplayOptions.defaults(), 2);
            assertThat(two.replay()).isEqualTo(one.replay());
            assertThat(two.performance()).usingRecursiveComparison().isEqualTo(one.performance());
            assertThat(two.faults()).usingRecursiveComparison().isEqualTo(one.faults());
            assertThat(two.rules()).usingRecursiveComparison().isEqualTo(one.rules());
            assertThat(one.faults()).isNotEmpty();
        }
    }
}
