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
        return holds(expression, ReplayOptions.defaults());
    }

    private boolean holds(String expression, ReplayOptions options) {
        try (TraceReader trace = session.open();
                ReplayCursor cursor =
                        ReplayCursor.open(trace, options, CheckpointStore.inMemory(0), Spacing.every(1000))) {
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

    /** The device's interrupt table (reference 2, DTE bits 128 to 191): IV, a length code, the root, IntCtl=10b. */
    private SmallSession interruptTable(int lengthCode) {
        return session.store(
                SmallSession.DEVICE_TABLE + SmallSession.DEVICE * 32L + 16, 2L << 60 | 0x50_0000 | lengthCode << 1 | 1);
    }

    /** Two entries of 32 bits (reference 8.4), the second logical and arbitrated. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "irte('00:06.0', 0).exists && irte('00:06.0', 0).known && irte('00:06.0', 0).enabled",
                "irte('00:06.0', 0).vector == 0x31 && irte('00:06.0', 0).destination == 7",
                "irte('00:06.0', 0).type == 0 && !irte('00:06.0', 0).logical && !irte('00:06.0', 0).requestEoi",
                "irte('00:06.0', 0).bytes == 4 && irte('00:06.0', 0).address == 0x500000",
                "irte('00:06.0', 1).vector == 0x42 && irte('00:06.0', 1).destination == 0xFF",
                "irte('00:06.0', 1).type == 1 && irte('00:06.0', 1).logical && irte('00:06.0', 1).requestEoi",
                "irte('00:06.0', 1).q0 == 0x42ff65 && irte('00:06.0', 1).q1 == 0",
                "irte('00:06.0', 1).address == 0x500004 && !irte('00:06.0', 1).posted",
                "irte('00:06.0', 2).suppressFaults && !irte('00:06.0', 2).enabled",
                "irte('00:06.0', 7).exists && !irte('00:06.0', 7).known",
                "!irte('00:06.0', 8).exists && irte('00:06.0', 8).bytes == 0 && irte('00:06.0', 8).vector == 0",
                "!irte('00:06.0', -1).exists && !irte('00:06.0', 2048).exists",
                "!irte('00:07.0', 0).exists && !irte(7, '00:06.0', 0).exists && irte(0, '00:06.0', 0).exists"
            })
    void anEntryOfTheInterruptTableIsRead(String expression) {
        interruptTable(3).store(0x50_0000, 0x0042_FF65_0031_0701L).store(0x50_0008, 2);
        assertThat(holds(expression)).isTrue();
    }

    /** QEMU takes any index, whatever IntTabLen says. */
    @Test
    void aDeviceThatIgnoresTheLengthHasMoreEntries() {
        interruptTable(3).store(0x50_0020, 0x0031_0701L);
        assertThat(holds(
                        "irte('00:06.0', 8).exists && irte('00:06.0', 8).vector == 0x31",
                        ReplayOptions.defaults().withProfile("qemu-10.0")))
                .isTrue();
    }

    /** With GAEn=1 entries have 128 bits (reference 8.5 and 8.6). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "irte('00:06.0', 0).bytes == 16 && irte('00:06.0', 0).vector == 0x31",
                "irte('00:06.0', 0).destination == 0xFE000007 && irte('00:06.0', 0).logical",
                "!irte('00:06.0', 0).posted && irte('00:06.0', 0).tag == 0 && !irte('00:06.0', 0).running",
                "irte('00:06.0', 1).address == 0x500010 && irte('00:06.0', 1).posted && irte('00:06.0', 1).running",
                "irte('00:06.0', 1).tag == 0x80001234 && irte('00:06.0', 1).vector == 0x42",
                "!irte('00:06.0', 1).logical && !irte('00:06.0', 1).requestEoi && irte('00:06.0', 1).type == 0"
            })
    void anEntryOf128BitsIsReadAsOne(String expression) {
        interruptTable(1)
                .store(0x50_0000, 0x0000_0741)
                .store(0x50_0008, 0xFE00_0000_0000_0031L)
                .store(0x50_0010, 0x8000_1234_0000_00E5L)
                .store(0x50_0018, 0x0000_0000_0060_0042L)
                .register(0x18, 1 | 1 << 2 | 1 << 12 | 1 << 17);
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
                "irte('00:03.0', 1).mood == 1 | at column 19: expected a field of this, found 'mood'",
                "irte('0:03', 0) == {} | at column 6: expected a device such as '00:03.0', found '0:03'",
                "irte('00:03.0') == {} | no matching overload for 'irte'",
                "dte('00:03.0').mood == 1 | at column 15: expected a field of this, found 'mood'; did you mean 'mode'?",
                "pte('0:03', 0) == {} | at column 5: expected a device such as '00:03.0', found '0:03'",
                "register('CONTROLS') == 1 | at column 10: expected a register of",
                "guest(3).cmd.middle == 1 | There are: head, tail",
                "effects.magic | There are: commands",
                "faults >  | mismatched input",
                "faults | expected type 'bool'",
                "fault > 0 | undeclared reference to 'fault'",
                "fault > 0 | fault; did you mean 'faults'?",
                "faults > 0 && kind == 'Fault' | at column 23: expected a word of this field, found 'Fault'",
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
