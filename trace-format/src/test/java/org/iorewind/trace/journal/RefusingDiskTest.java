package org.iorewind.trace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventList;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceStoreException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A disk that could not write something once: the kernel says so once, and then takes the pages for written. So a second
 * attempt that succeeds means nothing.
 */
class RefusingDiskTest {
    @TempDir
    Path directory;

    private volatile Disk.Part refused = Disk.Part.NAMES;

    private void refuse(Disk.Part part) {
        if (part == refused) {
            throw new UncheckedIOException(new IOException("Input/output error"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SLOTS", "QUEUE"})
    void afterARefusalNothingIsPromisedAnyMore(Disk.Part part) {
        EventList events = RandomEvents.smallSession(5, 24_000);
        JournalOptions options = JournalOptions.defaults().sync(SyncLevel.DATA).syncIntervalMs(3_600_000);
        JournalWriter writer = JournalWriter.create(directory.resolve("j"), options, this::refuse);
        append(writer, events, 0, 10);
        writer.sync();

        refused = part;
        append(writer, events, 10, 23_000);
        assertRefuses(writer::sync);
        refused = Disk.Part.NAMES;
        assertRefuses(writer::sync);
        assertRefuses(writer::close);

        try (JournalReader reader = JournalReader.open(directory.resolve("j"))) {
            assertThat(reader.durableEvents()).isEqualTo(10);
            assertThat(reader.isClosed()).isFalse();
            assertThat(reader.check().damages()).isEmpty();
            assertThat(EventList.of(reader)).isEqualTo(events.hex().subList(0, 23_000));
        }
    }

    private static void append(JournalWriter writer, EventList events, int from, int to) {
        for (byte[] frame : events.frames().subList(from, to)) {
            writer.append(new UnsafeBuffer(frame), 0, frame.length);
        }
    }

    private static void assertRefuses(Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOf(TraceStoreException.class)
                .hasMessageContaining("Input/output error");
    }
}
