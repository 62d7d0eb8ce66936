package org.iorewind.replay.predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.DmaAccess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatePredicateTest {
    private static final long IOVA = 0x5000;
    private static final long PHYSICAL = 0x12_3000;

    @TempDir
    Path folder;

    private SmallSession session;

    @BeforeEach
    void running() {
        session = SmallSession.running(folder.resolve("trace.iorw"));
    }

    /** Whether a predicate holds for the last event before the end of the session. */
    private boolean holds(String expression) {
        try (TraceReader trace = session.open();
                ReplayCursor cursor = ReplayCursor.open(
                        trace, ReplayOptions.defaults(), CheckpointStore.inMemory(0), Spacing.every(1000))) {
            cursor.seekEnd();
            cursor.stepBack();
            return StatePredicate.compile(expression).holds(cursor.event(), cursor.playback(), cursor.effects());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind == 'DmaRequest' && requester == '00:06.0'",
                "faults == 0 && events == sequence + 1",
                "dte('00:06.0').valid && dte('00:06.0').mode == 3 && dte('00:06.0').domain == 5",
                "dte('00:07.0').known && !dte('00:07.0').valid",
                "dte(requester).domain == 5",
                "pte('00:06.0', 0x5000).present && pte('00:06.0', 0x5000).address == 0x123000",
                "!pte('00:06.0', 0x6000).present && pte('00:06.0', 0x6000).known",
                "pte('00:06.0', 0x5000).level == 1 && pte('00:06.0', 0x5000).writable",
                "iotlb.contains('00:06.0', 0x5000) && !iotlb.contains('00:06.0', 0x6000)",
                "register('CONTROL') == 0x1005 && register('Control') == register(0x18)",
                "register('COMMAND_TAIL') == 16 && commands.tail == 16 && commands.head == commands.tail",
                "commands.base == 0x200000 && commands.running && commands.entries == 256",
                "memory(0x302028) != 0 && memory(0x302030) == 0",
                "effects.translations == 1 && effects.decision == 'TRANSLATED' && effects.commands == 0",
                "guest(3).cmd.head == 0 && guest(3).status == 0",
                "register(7, 'CONTROL') == 0 && !dte(7, '00:06.0').known && !iotlb.contains(7, '00:06.0', 0x5000)",
                "register(0, 'CONTROL') == register('CONTROL') && pte(0, '00:06.0', 0x5000).present",
                "pte(9, '00:06.0', 0x5000).reason == 'no such IOMMU'"
            })
    void whatIsSoHolds(String expression) {
        session.map(IOVA, PHYSICAL).flush().dma(DmaAccess.READ, IOVA);
        assertThat(holds(expression)).isTrue();
    }

    @Test
    void effectsAreThoseOfTheEvent() {
        session.map(IOVA, PHYSICAL).dma(DmaAccess.READ, IOVA).flush();
        assertThat(holds("effects.commands == 1 && effects.command == 'INVALIDATE_IOMMU_PAGES'"
                        + " && effects.pagesDropped == 1 && effects.invalidations == 1"))
                .isTrue();
    }

    @Test
    void aRefusedRequestCountsAtOnce() {
        session.dma(DmaAccess.READ, IOVA);
        assertThat(holds("faults == 1 && kind == 'DmaRequest' && effects.refused == 1"))
                .isTrue();
    }

    @Test
    void anEventWithoutTheFieldDoesNotMatch() {
        session.flush();
        assertThat(holds("requester == '00:06.0'")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dte('00:03.0').mood == 1 | at column 15: expected one of known, valid",
                "pte('0:03', 0) == {} | at column 5: expected a device such as '00:03.0', found '0:03'",
                "register('CONTROLS') == 1 | at column 10: expected a register of",
                "guest(3).cmd.middle == 1 | expected one of head, tail",
                "effects.magic | expected one of commands",
                "faults >  | mismatched input",
                "faults | expected type 'bool'",
                "fault > 0 | undeclared reference to 'fault'",
                "dte(3).mode == 1 | no matching overload for 'dte'"
            })
    void whatCanNeverBeIsRefusedWithItsPlace(String expression, String message) {
        assertThatThrownBy(() -> StatePredicate.compile(expression))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "faults > 0, true",
        "0 < faults, true",
        "faults >= 3 && divergences > 1, true",
        "faults > 3 || sequence > 100, true",
        "faults == 1, false",
        "faults < 3, false",
        "faults > 0 && kind == 'DmaRequest', false",
        "!(faults > 0), false",
        "dte('00:03.0').valid, false"
    })
    void countersThatGrewAreKnownToBeMonotone(String expression, boolean isMonotone) {
        assertThat(StatePredicate.compile(expression).isMonotone()).isEqualTo(isMonotone);
    }
}
