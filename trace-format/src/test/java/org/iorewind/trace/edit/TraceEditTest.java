package org.iorewind.trace.edit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventList;
import org.iorewind.trace.EventView;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.Progress;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.align.ClockAlignment;
import org.iorewind.trace.archive.ArchiveReader;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.archive.ChunkEntry;
import org.iorewind.trace.journal.JournalWriter;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.GapDecoder;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.StartState;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.iorewind.trace.schema.EventTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceEditTest {
    private static final EventTable TABLE = EventTable.standard();

    @TempDir
    Path directory;

    private int written;

    private Path write(String name, EventList events) {
        Path file = directory.resolve(name);
        try (ArchiveWriter writer = ArchiveWriter.create(file)) {
            events.copyTo(writer);
        }
        return file;
    }

    private static List<ChunkEntry> chunks(Path file) {
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            return List.copyOf(reader.chunks());
        }
    }

    private static long lost(EventView gap) {
        GapDecoder decoder = new GapDecoder();
        decoder.wrap(gap.buffer(), gap.bodyOffset(), gap.blockLength(), gap.version());
        return decoder.count();
    }

    private static List<String> without(List<String> hex, long from, long to) {
        List<String> rest = new ArrayList<>(hex);
        rest.subList((int) from, (int) to).clear();
        return rest;
    }

    @Test
    void repairOfAWholeArchiveIsACopy() {
        EventList events = RandomEvents.session(1, 40_000);
        EventList saved = new EventList();
        TraceRepair.Result result = TraceRepair.repair(write("a.iorw", events), saved, Progress.NONE);
        assertThat(saved.hex()).isEqualTo(events.hex());
        assertThat(result).isEqualTo(new TraceRepair.Result(events.frames().size(), 0, 0, false));
    }

    @Test
    void repairPutsAGapInThePlaceOfABrokenChunk() throws IOException {
        EventList events = RandomEvents.session(2, 60_000);
        Path file = write("a.iorw", events);
        ChunkEntry broken = chunks(file).get(1);
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) broken.offset() + 200] ^= 1;
        Files.write(file, bytes);
        EventList saved = new EventList();
        TraceRepair.Result result = TraceRepair.repair(file, saved, Progress.NONE);
        assertThat(result.lost()).isEqualTo(broken.count());
        assertThat(result.gaps()).isEqualTo(1);
        EventView gap = saved.view((int) broken.firstSequence());
        assertThat(gap.kind()).isEqualTo(EventKind.GAP);
        assertThat(lost(gap)).isEqualTo(broken.count());
        assertThat(without(saved.hex(), broken.firstSequence(), broken.firstSequence() + 1))
                .isEqualTo(without(events.hex(), broken.firstSequence(), broken.endSequence()));
    }

    @Test
    void repairSavesTheChunksOfAFileThatWasCut() throws IOException {
        EventList events = RandomEvents.session(3, 60_000);
        Path file = write("a.iorw", events);
        ChunkEntry cut = chunks(file).get(2);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) cut.offset() + 1000));
        EventList saved = new EventList();
        TraceRepair.Result result = TraceRepair.repair(file, saved, Progress.NONE);
        assertThat(result.lostUnknown()).isTrue();
        int whole = (int) cut.firstSequence();
        assertThat(saved.hex().subList(0, whole)).isEqualTo(events.hex().subList(0, whole));
        assertThat(saved.frames()).hasSize(whole + 1);
        assertThat(saved.view(whole).kind()).isEqualTo(EventKind.GAP);
    }

    @Test
    void repairIgnoresAChunkThatChangedItsPlace() throws IOException {
        EventList events = RandomEvents.session(4, 80_000);
        Path file = write("a.iorw", events);
        List<ChunkEntry> chunks = chunks(file);
        byte[] bytes = Files.readAllBytes(file);
        // The second chunk once more behind all others, over what is left of the file.
        ChunkEntry second = chunks.get(1);
        int length = (int) (chunks.get(2).offset() - second.offset());
        int last = (int) chunks.get(chunks.size() - 1).offset();
        byte[] longer = Arrays.copyOf(bytes, last + length);
        System.arraycopy(bytes, (int) second.offset(), longer, last, length);
        Files.write(file, longer);
        EventList saved = new EventList();
        TraceRepair.repair(file, saved, Progress.NONE);
        int whole = (int) chunks.get(chunks.size() - 1).firstSequence();
        assertThat(saved.hex().subList(0, whole)).isEqualTo(events.hex().subList(0, whole));
        assertThat(saved.frames()).hasSize(whole + 1);
    }

    /** Bytes of the fourth chunk over the second: those between are where they were. */
    @Test
    void repairSavesTheChunksBehindOneThatIsACopyOfALaterOne() throws IOException {
        EventList events = RandomEvents.session(4, 80_000);
        Path file = write("a.iorw", events);
        List<ChunkEntry> chunks = chunks(file);
        assertThat(chunks).hasSizeGreaterThan(4);
        byte[] bytes = Files.readAllBytes(file);
        ChunkEntry over = chunks.get(1);
        int length = (int) (chunks.get(4).offset() - chunks.get(3).offset());
        System.arraycopy(bytes, (int) chunks.get(3).offset(), bytes, (int) over.offset(), length);
        Files.write(file, bytes);
        EventList saved = new EventList();
        TraceRepair.Result result = TraceRepair.repair(file, saved, Progress.NONE);
        // It is longer than the one it was copied over, and so reaches into the next one.
        boolean reachesFurther = over.offset() + length > chunks.get(2).offset();
        long behind = chunks.get(reachesFurther ? 3 : 2).firstSequence();
        assertThat(result.lost()).isEqualTo(behind - over.firstSequence());
        assertThat(without(saved.hex(), over.firstSequence(), over.firstSequence() + 1))
                .isEqualTo(without(events.hex(), over.firstSequence(), behind));
    }

    /** Which events the slot held is not known, and neither is whether there were any: the others are saved all the same. */
    @Test
    void repairSavesAJournalWithASlotThatCannotBeRead() throws IOException {
        EventList events = RandomEvents.smallSession(5, 9_000);
        Path journal = directory.resolve("journal");
        try (JournalWriter writer = JournalWriter.create(journal)) {
            events.copyTo(writer);
        }
        Path slots = journal.resolve("open-blocks");
        byte[] bytes = Files.readAllBytes(slots);
        // The state of the last of eight slots of 684,032 bytes, which was never used.
        bytes[4096 + 7 * 684_032] ^= 1;
        Files.write(slots, bytes);
        EventList saved = new EventList();
        TraceRepair.Result result = TraceRepair.repair(journal, saved, Progress.NONE);
        assertThat(saved.hex().subList(0, 9_000)).isEqualTo(events.hex());
        assertThat(result).isEqualTo(new TraceRepair.Result(9_000, 1, 0, true));
        assertThat(saved.view(9_000).kind()).isEqualTo(EventKind.GAP);
    }

    @Test
    void repairNeedsToKnowWhatWasRecorded() throws IOException {
        Path file = write("a.iorw", RandomEvents.session(5, 40_000));
        byte[] bytes = Files.readAllBytes(file);
        bytes[200] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> TraceRepair.repair(file, new EventList(), Progress.NONE))
                .isInstanceOf(CorruptTraceException.class)
                .hasMessageContaining("SessionStart");
    }

    @Test
    void partsAreTracesByThemselves() {
        EventList events = RandomEvents.session(6, 1000);
        List<EventList> parts = new ArrayList<>();
        try (TraceReader trace = Traces.open(write("a.iorw", events))) {
            int made = TraceSplit.split(
                    trace,
                    TraceSplit.every(300),
                    number -> {
                        parts.add(new EventList());
                        return parts.get(number - 1);
                    },
                    Progress.NONE);
            assertThat(made).isEqualTo(4);
        }
        assertThat(parts.get(0).hex()).isEqualTo(events.hex().subList(0, 300));
        for (int i = 1; i < 4; i++) {
            EventList part = parts.get(i);
            int first = 300 * i;
            SessionInfo session = SessionInfo.of(part.view(0));
            assertThat(session.startState()).isEqualTo(StartState.UNKNOWN);
            assertThat(session.sessionId())
                    .isEqualTo(SessionInfo.of(events.view(0)).sessionId());
            // The SessionStart is in the part again.
            assertThat(lost(part.view(1))).isEqualTo(first - 1);
            assertThat(part.hex().subList(2, part.hex().size()))
                    .isEqualTo(events.hex().subList(first, Math.min(1000, first + 300)));
        }
    }

    @Test
    void aCutAtATimeOrANumberIsMadeOnce() {
        EventList events = RandomEvents.smallSession(7, 100);
        for (TraceSplit.Cut cut : List.of(TraceSplit.atTimes(2_950, 5_000), TraceSplit.atSequences(30, 50))) {
            List<EventList> parts = new ArrayList<>();
            try (TraceReader trace = Traces.open(write("t" + written++, events))) {
                TraceSplit.split(
                        trace,
                        cut,
                        number -> {
                            parts.add(new EventList());
                            return parts.get(number - 1);
                        },
                        Progress.NONE);
            }
            // Event i is at 100 i ns.
            assertThat(parts).extracting(part -> part.frames().size()).containsExactly(30, 22, 52);
        }
    }

    private EventList source(long id, long startUnixNs, int source, long... timesNs) {
        EventList events = new EventList();
        EventWriter writer = new EventWriter(events);
        SessionInfo info = RandomEvents.info(1, id);
        writer.sessionStart(new SessionInfo(
                info.idHigh(),
                id,
                Fidelity.OBSERVED,
                StartState.RESET,
                1,
                startUnixNs,
                0,
                0,
                0,
                0,
                0,
                "spec",
                "test",
                "p" + id,
                "c" + id));
        writer.source(source);
        for (long time : timesNs) {
            writer.at(time).mark((int) (id * 1000 + time), "");
        }
        writer.sessionEnd(EndReason.CLEAN, "");
        return events;
    }

    private EventList merge(EventList... sources) {
        EventList merged = new EventList();
        List<TraceReader> readers = IntStream.range(0, sources.length)
                .mapToObj(i -> Traces.open(write("m" + i, sources[i])))
                .toList();
        try {
            TraceMerge.merge(readers, ClockAlignment.wall(readers), merged, Progress.NONE);
        } finally {
            readers.forEach(TraceReader::close);
        }
        return merged;
    }

    private static List<Long> marks(EventList events) {
        return IntStream.range(0, events.frames().size())
                .mapToObj(events::view)
                .filter(view -> view.kind() == EventKind.MARK)
                .map(view -> TABLE.rawValue(
                        view,
                        TABLE.type(EventKind.MARK).fields().stream()
                                .filter(field -> field.name().equals("number"))
                                .findFirst()
                                .orElseThrow()))
                .toList();
    }

    @Test
    void sourcesAreMergedByTheWallClockAndStable() {
        EventList merged = merge(source(1, 5_000, 3, 0, 100, 200), source(2, 5_050, 3, 0, 50, 150));
        // 5000, 5050, 5100 (both: the first trace first), 5200 (both)
        assertThat(marks(merged)).containsExactly(1000L, 2000L, 1100L, 2050L, 1200L, 2150L);
        assertThat(merged.view(0).kind()).isEqualTo(EventKind.SESSION_START);
        SessionInfo session = SessionInfo.of(merged.view(0));
        assertThat(session.startUnixNs()).isEqualTo(5_000);
        assertThat(session.contract()).contains("c1", "c2");
        assertThat(merged.view(2).timeNs()).isEqualTo(50);
        assertThat(merged.view(1).source()).isZero();
        assertThat(merged.view(2).source()).isEqualTo(1);
        int last = merged.frames().size() - 1;
        assertThat(merged.view(last).kind()).isEqualTo(EventKind.SESSION_END);
        assertThat(IntStream.rangeClosed(1, last).filter(i -> merged.view(i).kind() == EventKind.SESSION_END))
                .hasSize(1);
    }

    @Test
    void aClockThatStepsBackDoesNotChangeTheOrderOfItsSource() {
        EventList merged = merge(source(1, 0, 0, 100, 40, 120), source(2, 0, 0, 50, 110));
        assertThat(marks(merged)).containsExactly(2050L, 1100L, 1040L, 2110L, 1120L);
    }

    @Test
    void anObservationStaysWithItsInput() {
        EventList observed = new EventList();
        EventWriter writer = new EventWriter(observed);
        writer.sessionStart(RandomEvents.info(1, 1));
        writer.at(10).dmaRequest(DmaAccess.READ, 0x30, 0x1000, 4, EventWriter.NO_PASID);
        writer.at(30)
                .translation(
                        TranslationOutcome.TRANSLATED,
                        CacheAnswer.HIT,
                        0,
                        0x30,
                        1,
                        EventWriter.NO_PASID,
                        0x1000,
                        0x2000);
        EventList merged = merge(observed, source(2, 1_700_000_000_000_000_000L, 0, 20));
        assertThat(IntStream.range(1, 4).mapToObj(i -> merged.view(i).kind()))
                .containsExactly(EventKind.DMA_REQUEST, EventKind.TRANSLATION, EventKind.MARK);
        // One of the two recordings is unfinished, so the whole is.
        assertThat(merged.frames()).hasSize(4);
    }

    @Test
    void clocksThatCannotBeComparedAreRefused() {
        assertThatThrownBy(() -> merge(source(1, 0, 0, 1), source(2, 5, 0, 1)))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("the time of day");
    }

    private EventList redact(EventList events, String salt) {
        EventList redacted = new EventList();
        try (TraceReader trace = Traces.open(write("r" + written++, events))) {
            TraceRedact.redact(trace, salt.getBytes(UTF_8), redacted, Progress.NONE);
        }
        return redacted;
    }

    private static long address(EventView event) {
        EventKind kind = event.kind();
        assertThat(kind).isNotNull();
        return TABLE.rawValue(
                event,
                TABLE.type(kind).fields().stream()
                        .filter(field -> field.name().equals("address"))
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void redactionKeepsEqualityAndOffsetsAndHidesTheRest() {
        EventList events = new EventList();
        EventWriter writer = new EventWriter(events);
        writer.sessionStart(RandomEvents.info(0x1122_3344_5566_7788L, 2));
        byte[] secret = "a secret that nobody may read...".getBytes(UTF_8);
        writer.dmaRequest(DmaAccess.READ, 0x30, 0x12_3456_7abcL, 4, EventWriter.NO_PASID);
        writer.memoryWrite(MemoryOrigin.CPU_STORE, MemoryRegion.UNSPECIFIED, 0x12_3456_7000L, secret, 0, secret.length);
        writer.dmaRequest(DmaAccess.READ, 0x30, 0x12_3456_8abcL, 4, EventWriter.NO_PASID);
        writer.consoleLine("root password is 1234");
        EventList redacted = redact(events, "salt");
        assertThat(redacted.frames()).hasSize(5);
        long first = address(redacted.view(1));
        assertThat(first & 0xFFF).isEqualTo(0xabc);
        assertThat(first >>> 12).isNotEqualTo(0x12_3456_7L);
        assertThat(address(redacted.view(2)) >>> 12).isEqualTo(first >>> 12);
        assertThat(address(redacted.view(3)) >>> 12).isNotEqualTo(first >>> 12);
        String all = String.join("", redacted.hex());
        HexFormat hex = HexFormat.of();
        assertThat(all)
                .doesNotContain(hex.formatHex(secret, 0, 8))
                .doesNotContain(hex.formatHex("password".getBytes(UTF_8)))
                .doesNotContain("8877665544332211");
        assertThat(SessionInfo.of(redacted.view(0)).fidelity()).isEqualTo(Fidelity.LOG);
        assertThat(redact(events, "salt").hex()).isEqualTo(redacted.hex());
        assertThat(redact(events, "other").hex()).isNotEqualTo(redacted.hex());
    }

    @Test
    void redactionLeavesOutWhatItDoesNotKnow() {
        EventList events = RandomEvents.session(9, 2000);
        EventList redacted = redact(events, "s");
        assertThat(redacted.frames()).hasSize(2000);
        for (int i = 1; i < 2000; i++) {
            EventKind before = events.view(i).kind();
            boolean unknown = before == null || events.view(i).version() > TABLE.schemaVersion();
            assertThat(redacted.view(i).kind()).isEqualTo(unknown ? EventKind.GAP : before);
        }
    }
}
