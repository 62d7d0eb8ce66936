package org.iorewind.replay.travel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.trace.TraceReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedReadTest {
    private static final long TABLE = 0x50_0000;

    @TempDir
    Path folder;

    private Stop readOf(SmallSession session, long address) {
        try (TraceReader trace = session.open();
                ReplayCursor cursor = ReplayCursor.open(
                        trace, ReplayOptions.defaults(), CheckpointStore.inMemory(0), Spacing.every(1000))) {
            cursor.effects().watch(address);
            return cursor.runUntil((event, playback, effects) -> effects.isWatchedRead());
        }
    }

    private SmallSession interrupted(long deviceEntryHigh) {
        SmallSession session = SmallSession.running(folder.resolve("trace.iorw"));
        session.store(SmallSession.DEVICE_TABLE + SmallSession.DEVICE * 32L + 16, deviceEntryHigh)
                .store(TABLE, 0x0031_0701);
        session.events().interruptRequest(SmallSession.DEVICE, 0xFEE0_0000L, 0);
        return session;
    }

    /** Of a device without an interrupt table (IV=0) messages pass: no entry is read, not even one at address 0. */
    @Test
    void aMessageThatPassesReadsNoEntry() {
        assertThat(readOf(interrupted(0), 0)).isEqualTo(Stop.END);
    }

    @Test
    void aMessageThatIsRemappedReadsItsEntry() {
        assertThat(readOf(interrupted(2L << 60 | TABLE | 3 << 1 | 1), TABLE)).isEqualTo(Stop.REACHED);
    }
}
