package org.iorewind.trace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.MmioWriteDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real file systems that are full: the recording ends in order, and nothing acknowledged is lost. */
class FullDiskTest {
    private static final int PAGE = 4096;
    private static final JournalOptions TO_THE_LAST_BYTE =
            JournalOptions.defaults().watchLevelBytes(0);

    @TempDir
    Path directory;

    @Test
    void aFileSystemOfOneToSixtyFourPagesIsTooSmallAndLeftClean() throws Exception {
        for (int pages = 1; pages <= 64; pages++) {
            try (MountedFolder disk = MountedFolder.tmpfs(directory, (long) pages * PAGE)) {
                Path journal = disk.folder().resolve("j");
                assertThatThrownBy(() -> JournalWriter.create(journal, TO_THE_LAST_BYTE))
                        .as("%d pages", pages)
                        .isInstanceOf(TraceStoreException.class)
                        .satisfies(e -> assertThat(JournalWriter.isDiskFull((TraceStoreException) e))
                                .isTrue());
                try (Stream<Path> left = Files.exists(journal) ? Files.list(journal) : Stream.empty()) {
                    assertThat(left).isEmpty();
                }
            }
        }
    }

    /** From what is just too small to what takes a hundred blocks. */
    @Test
    void aFileSystemOfOneToSixtyFourQuartersOfAMebibyteIsRefusedOrFilledInOrder() throws Exception {
        for (int quarters = 1; quarters <= 64; quarters += 3) {
            try (MountedFolder disk = MountedFolder.tmpfs(directory, quarters * 256L * 1024)) {
                fill(disk.folder().resolve("j"), TO_THE_LAST_BYTE, quarters + " quarters");
            }
        }
    }

    @Test
    void aFullExt4EndsTheRecordingInOrder() throws Exception {
        try (MountedFolder disk = MountedFolder.ext4(directory, 24 << 20)) {
            assertThat(fill(disk.folder().resolve("j"), TO_THE_LAST_BYTE, "ext4"))
                    .isGreaterThan(10_000);
        }
    }

    @Test
    void someSpaceIsLeftToOthers() throws Exception {
        try (MountedFolder disk = MountedFolder.tmpfs(directory, 24 << 20)) {
            long watchLevel = 5 << 20;
            fill(disk.folder().resolve("j"), JournalOptions.defaults().watchLevelBytes(watchLevel), "watched");
            assertThat(Files.getFileStore(disk.folder()).getUsableSpace()).isGreaterThanOrEqualTo(watchLevel);
        }
    }

    private static long fill(Path path, JournalOptions options, String what) {
        JournalWriter journal;
        try {
            journal = JournalWriter.create(path, options);
        } catch (TraceStoreException e) {
            assertThat(JournalWriter.isDiskFull(e)).as(what).isTrue();
            return 0;
        }
        EventWriter writer = new EventWriter(journal);
        long acknowledged = 0;
        try (journal) {
            writer.sessionStart(RandomEvents.info(1, 2));
            assertThatThrownBy(() -> appendForEver(writer))
                    .as(what)
                    .isInstanceOf(TraceStoreException.class)
                    .hasMessageContaining("free some space; all events acknowledged so far are kept");
            acknowledged = writer.sessionEnd(EndReason.DISK_FULL, "the disk was full");
        }
        try (JournalReader reader = JournalReader.open(path);
                EventCursor cursor = reader.cursor()) {
            IntegrityReport report = reader.check();
            assertThat(report.damages()).as(what).isEmpty();
            assertThat(report.endedInOrder()).as(what).isTrue();
            assertThat(report.events()).as(what).isEqualTo(acknowledged + 1);
            MmioWriteDecoder write = new MmioWriteDecoder();
            for (long sequence = 0; cursor.next(); sequence++) {
                if (cursor.event().kind() == EventKind.MMIO_WRITE) {
                    write.wrap(
                            cursor.event().buffer(),
                            cursor.event().bodyOffset(),
                            cursor.event().blockLength(),
                            0);
                    assertThat(write.value()).isEqualTo(AppendingProcess.valueOf(sequence));
                }
            }
        }
        return acknowledged;
    }

    private static void appendForEver(EventWriter writer) {
        for (long i = 1; ; i++) {
            writer.at(i).mmioWrite(MmioSpace.HOST, 8, 0, AppendingProcess.valueOf(i));
        }
    }

    @Test
    void aReadOnlyFileSystemIsNamed() throws Exception {
        try (MountedFolder disk = MountedFolder.tmpfs(directory, 32 << 20)) {
            disk.makeReadOnly();
            assertThatThrownBy(() -> JournalWriter.create(disk.folder().resolve("j")))
                    .isInstanceOf(TraceStoreException.class)
                    .hasMessageContaining("Read-only file system")
                    .hasMessageContaining("check free space and permissions");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-file", "a-file/below"})
    void aFileInTheWayIsNamed(String name) throws IOException {
        Files.writeString(directory.resolve("a-file"), "x");
        assertThatThrownBy(() -> JournalWriter.create(directory.resolve(name))).isInstanceOf(TraceStoreException.class);
        assertThat(directory.resolve("a-file")).hasContent("x");
    }
}
