package org.iorewind.trace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventList;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.Traces;
import org.iorewind.trace.UnsupportedTraceException;
import org.iorewind.trace.sbe.MmioSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path directory;

    static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Property(tries = 20)
    void aJournalGivesBackEveryEvent(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3000) int count)
            throws IOException {
        Path temporary = Files.createTempDirectory("journal");
        try {
            EventList events = RandomEvents.session(seed, count);
            try (JournalWriter writer = JournalWriter.create(temporary)) {
                events.copyTo(writer);
                // Not closed yet: a reader sees everything that was appended.
                try (JournalReader reader = JournalReader.open(temporary)) {
                    assertThat(EventList.of(reader)).isEqualTo(events.hex());
                    assertThat(reader.isClosed()).isFalse();
                    assertThat(reader.check().isIntact()).isTrue();
                }
            }
            try (JournalReader reader = JournalReader.open(temporary);
                    EventCursor cursor = reader.cursor()) {
                assertThat(reader.isClosed()).isTrue();
                assertThat(EventList.rest(cursor)).isEqualTo(events.hex());
                int middle = events.hex().size() / 2;
                cursor.seek(middle);
                assertThat(EventList.rest(cursor))
                        .isEqualTo(events.hex().subList(middle, events.hex().size()));
                cursor.seek(Long.MAX_VALUE);
                assertThat(cursor.next()).isFalse();
                cursor.seek(0);
                assertThat(cursor.next()).isTrue();
            }
        } finally {
            delete(temporary);
        }
    }

    @Test
    void ofTwoWritersForOneDirectoryOneIsRefused() {
        Path shared = directory.resolve("shared");
        try (JournalWriter first = JournalWriter.create(shared)) {
            assertThatThrownBy(() -> JournalWriter.create(shared)).isInstanceOf(TraceStoreException.class);
            RandomEvents.smallSession(3, 10).copyTo(first);
        }
    }

    @Test
    void onlyWhatAJournalConsistsOfIsTakenForOne() throws IOException {
        Path journal = directory.resolve("pure");
        try (JournalWriter writer = JournalWriter.create(journal)) {
            assertThat(JournalDirectory.holdsNothingElse(journal))
                    .as("half made")
                    .isTrue();
            RandomEvents.smallSession(3, 10).copyTo(writer);
        }
        assertThat(JournalDirectory.holdsNothingElse(journal)).isTrue();
        Files.writeString(journal.resolve("notes"), "x");
        assertThat(JournalDirectory.holdsNothingElse(journal)).isFalse();
    }

    @Test
    void theLongestFrameHasABlockOfItsOwn() {
        EventList events = new EventList();
        EventWriter start = new EventWriter(events);
        start.sessionStart(RandomEvents.info(1, 2));
        byte[] longest = new byte[FrameDescriptor.MAX_FRAME_LENGTH];
        UnsafeBuffer frame = new UnsafeBuffer(longest);
        frame.putLong(0, 0xFFFF_0311_0082_0020L);
        for (int i = 0; i < 5; i++) {
            longest[100] = (byte) i;
            start.mark(i, "between");
            events.append(frame, 0, longest.length);
        }
        try (JournalWriter writer = JournalWriter.create(directory.resolve("j"))) {
            events.copyTo(writer);
            try (TraceReader reader = Traces.open(directory.resolve("j"))) {
                assertThat(EventList.of(reader)).isEqualTo(events.hex());
            }
        }
        try (TraceReader reader = Traces.open(directory.resolve("j"))) {
            assertThat(EventList.of(reader)).isEqualTo(events.hex());
        }
    }

    /** At that pace the writer's own thread writes the blocks, and Java closes the files that an interrupted thread writes to. */
    @Test
    void anInterruptedThreadWritesOn() {
        EventList events = RandomEvents.smallSession(3, 100_000);
        Path path = directory.resolve("j");
        try (JournalWriter writer = JournalWriter.create(path)) {
            for (int i = 0; i < events.frames().size(); i++) {
                if (i % 9_000 == 8_999) {
                    Thread.currentThread().interrupt();
                }
                byte[] frame = events.frames().get(i);
                writer.append(new UnsafeBuffer(frame), 0, frame.length);
            }
            assertThat(Thread.interrupted()).isTrue();
        }
        try (JournalReader reader = JournalReader.open(path)) {
            assertThat(EventList.of(reader)).isEqualTo(events.hex());
            assertThat(reader.check().isIntact()).isTrue();
        }
    }

    @Test
    void aJournalThatEndedInOrderSaysSo() {
        try (JournalWriter writer = JournalWriter.create(directory.resolve("j"))) {
            RandomEvents.smallSession(3, 5000).copyTo(writer);
        }
        try (TraceReader reader = Traces.open(directory.resolve("j"))) {
            assertThat(reader.session()).isEqualTo(RandomEvents.info(7, 3));
            assertThat(reader.storeKind()).isEqualTo("journal");
            IntegrityReport report = reader.check();
            assertThat(report.isIntact()).isTrue();
            assertThat(report.endedInOrder()).isTrue();
            assertThat(report.tornTail()).isFalse();
            assertThat(report.events()).isEqualTo(5000);
            assertThat(report.blocks()).isEqualTo(2);
        }
    }

    @Test
    void readersLookOnWhileTheWriterGoesOn() throws Exception {
        Path path = directory.resolve("j");
        try (JournalWriter journal = JournalWriter.create(path)) {
            EventWriter writer = new EventWriter(journal);
            writer.sessionStart(RandomEvents.info(1, 2));
            CompletableFuture<List<Long>> looks = CompletableFuture.supplyAsync(() -> {
                List<Long> seen = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    try (JournalReader reader = JournalReader.open(path)) {
                        IntegrityReport report = reader.check();
                        assertThat(report.damages()).isEmpty();
                        assertThat((long) EventList.of(reader).size()).isEqualTo(report.events());
                        seen.add(report.events());
                    }
                }
                return seen;
            });
            for (long i = 0; !looks.isDone(); i++) {
                writer.at(i).mmioWrite(MmioSpace.HOST, 8, 0, i);
                if (i % 100 == 0) {
                    Thread.yield();
                }
                if (i > 1_000_000) {
                    break;
                }
            }
            assertThat(looks.get()).isSorted();
        }
    }

    @Test
    void cursorsMayBeUsedByOtherThreads() throws Exception {
        EventList events = RandomEvents.session(8, 3000);
        try (JournalWriter writer = JournalWriter.create(directory.resolve("j"))) {
            events.copyTo(writer);
        }
        try (TraceReader reader = Traces.open(directory.resolve("j"))) {
            List<CompletableFuture<List<String>>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(CompletableFuture.supplyAsync(() -> EventList.of(reader)));
            }
            for (CompletableFuture<List<String>> one : all) {
                assertThat(one.get()).isEqualTo(events.hex());
            }
        }
    }

    @Test
    void aDirectoryWithFilesIsNotMadeAJournal() throws IOException {
        Files.writeString(directory.resolve("precious"), "content");
        assertThatThrownBy(() -> JournalWriter.create(directory))
                .isInstanceOf(TraceStoreException.class)
                .hasMessageContaining("one with files");
    }

    @Test
    void aDirectoryWithoutMarkerIsRefused() {
        assertThatThrownBy(() -> Traces.open(directory))
                .isInstanceOf(UnsupportedTraceException.class)
                .hasMessageContaining("iorewind-journal");
    }

    @Test
    void aNewerMajorVersionIsRefusedByName() throws IOException {
        try (JournalWriter writer = JournalWriter.create(directory.resolve("j"))) {
            RandomEvents.smallSession(3, 5).copyTo(writer);
        }
        Path marker = directory.resolve("j").resolve(JournalDescriptor.MARKER_NAME);
        Files.writeString(marker, Files.readString(marker).replace(" 3.0", " 4.0"));
        assertThatThrownBy(() -> Traces.open(directory.resolve("j")))
                .isInstanceOf(UnsupportedTraceException.class)
                .hasMessageContaining("journal format 4");
    }

    @Test
    void appendingToAClosedJournalIsRefused() {
        EventList events = RandomEvents.smallSession(3, 5);
        JournalWriter writer = JournalWriter.create(directory.resolve("j"));
        events.copyTo(writer);
        writer.close();
        writer.close();
        assertThatThrownBy(() -> events.copyTo(writer)).isInstanceOf(TraceStoreException.class);
    }

    /** Chronicle's files roll at midnight; a journal has one file, whatever the time of its events. */
    @Test
    void midnightIsAMomentLikeAnyOther() throws IOException {
        long dayNs = 86_400_000_000_000L;
        try (JournalWriter journal = JournalWriter.create(directory.resolve("j"))) {
            EventWriter writer = new EventWriter(journal);
            writer.sessionStart(RandomEvents.info(1, 2));
            for (long i = 1; i < 5000; i++) {
                writer.at(dayNs - 2500 + i).mmioWrite(MmioSpace.HOST, 8, 0, i);
            }
        }
        try (Stream<Path> files = Files.list(directory.resolve("j").resolve(JournalDescriptor.BLOCKS_NAME));
                JournalReader reader = JournalReader.open(directory.resolve("j"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(JournalDescriptor.QUEUE_DATA_NAME, JournalDescriptor.QUEUE_TABLE_NAME);
            assertThat(reader.check().isIntact()).isTrue();
            assertThat(reader.check().events()).isEqualTo(5000);
        }
    }
}
