package org.iorewind.replay.predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.DmaAccess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateExpressionTest {
    @TempDir
    private Path folder;

    private TraceReader trace;
    private ReplayCursor cursor;

    @BeforeEach
    void open() {
        trace = SmallSession.running(folder.resolve("trace.iorw"))
                .map(0x5000, 0x12_3000)
                .dma(DmaAccess.READ, 0x5000)
                .open();
        cursor = ReplayCursor.open(
                trace, ReplayOptions.defaults(), CheckpointStore.inMemory(1 << 20), Spacing.every(1000));
    }

    @AfterEach
    void close() {
        cursor.close();
        trace.close();
    }

    private Object value(String expression) {
        return StateExpression.compile(expression)
                .value(cursor.sequence() < 0 ? null : cursor.event(), cursor.playback(), cursor.effects());
    }

    @Test
    void aValueHasTheTypeOfWhatWasAsked() {
        cursor.seekEnd();
        cursor.stepBack();
        assertThat(value("faults + 1")).isEqualTo(1L);
        assertThat(value("requester")).isEqualTo("00:06.0");
        assertThat(value("faults == 0")).isEqualTo(true);
        assertThat(value("pte('00:06.0', 0x5000).address")).isEqualTo(0x12_3000L);
        assertThat(value("dte('00:06.0')"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.map(Object.class, Object.class))
                .containsEntry("domain", 5L)
                .containsEntry("mode", 3L);
        assertThat(value("effects")).isInstanceOf(Map.class);
    }

    @Test
    void theStateCanBeAskedBeforeTheFirstEvent() {
        assertThat(value("register('CONTROL') + faults")).isEqualTo(0x400L);
        assertThatThrownBy(() -> value("requester"))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining("expected a value of requester here");
    }

    @Test
    void whatIsNoExpressionIsRefused() {
        assertThatThrownBy(() -> StateExpression.compile("dte('00:06.0').mood"))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining("There are: known, valid");
    }
}
