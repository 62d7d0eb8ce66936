package org.iorewind.trace.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventList;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.damage.DamageRounds;
import org.iorewind.trace.damage.DamagedFile;
import org.iorewind.trace.damage.DamagedFile.Area;
import org.iorewind.trace.damage.TraceJudge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damage by chance to sealed archives: one of thirteen chunks with a checkpoint between each two, and now and then one of two
 * pages of chunks.
 */
class DamageRoundsTest {
    private static final int FEW_CHUNKS = 13;
    private static final int MOST_EVENTS = 40;
    private static final int TWO_PAGES = ArchiveDescriptor.PAGE_CHUNKS + 6;
    /** Each so manieth round is one of the archive of two pages, which takes as long as many of the others. */
    private static final int SELDOM = 512;
    /** Each so manieth round repairs what could be opened; what could not be opened is always repaired. */
    private static final int REPAIRS = 7;

    @TempDir
    Path directory;

    /** One archive and its judge. */
    private static final class Patient implements AutoCloseable {
        private final Path path;
        private final TraceJudge judge;
        private final DamagedFile file;
        private final List<Area> chunks = new ArrayList<>();
        private final List<Area> pageOfChunk = new ArrayList<>();
        private final List<CheckpointEntry> checkpoints;
        private final List<byte[]> states = new ArrayList<>();
        /** Header, index and trailer. */
        private final List<Area> frame = new ArrayList<>();

        Patient(Path path, long seed, int chunkCount, int mostEvents) throws IOException {
            this.path = path;
            SplittableRandom random = new SplittableRandom(seed);
            long[] parts = new long[chunkCount + 1];
            for (int i = 0; i < chunkCount; i++) {
                parts[i + 1] = parts[i] + 1 + random.nextInt(mostEvents);
            }
            EventList events = RandomEvents.session(seed, (int) parts[chunkCount]);
            // Some events come in several frames.
            parts[chunkCount] = events.frames().size();
            write(events, parts, random);
            this.judge = new TraceJudge(path, events, parts);
            List<Area> areas = new ArrayList<>();
            try (ArchiveReader reader = ArchiveReader.open(path)) {
                for (ChunkEntry chunk : reader.chunks()) {
                    int head = (int) chunk.offset() + chunk.headLength();
                    chunks.add(new Area((int) chunk.offset(), (int) chunk.endOffset()));
                    areas.add(new Area((int) chunk.offset(), head));
                    areas.add(new Area(head, (int) chunk.endOffset()));
                }
                checkpoints = List.copyOf(reader.checkpoints());
                for (CheckpointEntry checkpoint : checkpoints) {
                    areas.add(new Area((int) checkpoint.offset(), (int) checkpoint.endOffset()));
                }
                ArchiveIndex index = ArchiveIndexReader.read(reader.channel());
                int indexOffset = 0;
                for (PageEntry page : index.pages()) {
                    Area area = new Area((int) page.offset(), (int) page.endOffset());
                    for (int i = 0; i < page.chunks(); i++) {
                        pageOfChunk.add(area);
                    }
                    areas.add(area);
                    indexOffset = area.to();
                }
                int end = (int) Files.size(path);
                frame.add(new Area(0, ArchiveDescriptor.HEADER_LENGTH));
                frame.add(new Area(indexOffset, end - ArchiveDescriptor.TRAILER_LENGTH));
                frame.add(new Area(end - ArchiveDescriptor.TRAILER_LENGTH, end));
                areas.addAll(frame);
            }
            this.file = new DamagedFile(path, areas);
        }

        private void write(EventList events, long[] parts, SplittableRandom random) {
            try (ArchiveWriter writer = ArchiveWriter.create(path)) {
                for (int chunk = 0; chunk < parts.length - 1; chunk++) {
                    if (chunk > 0) {
                        byte[] state = new byte[random.nextInt(200)];
                        random.nextBytes(state);
                        states.add(state);
                        writer.checkpoint(1, chunk, state);
                    }
                    for (byte[] event : events.frames().subList((int) parts[chunk], (int) parts[chunk + 1])) {
                        writer.append(new UnsafeBuffer(event), 0, event.length);
                    }
                }
            }
        }

        void round(long round, SplittableRandom random) throws IOException {
            List<String> what = new ArrayList<>();
            for (int damages = 1 + random.nextInt(8) / 6 * (1 + random.nextInt(3)); damages > 0; damages--) {
                what.add(file.damage(random));
            }
            try {
                judge(round);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(what + ": " + e.getMessage(), e);
            } finally {
                file.restore();
            }
        }

        private void judge(long round) {
            boolean isFrameWhole = frame.stream().allMatch(this::isSame);
            if (isFrameWhole) {
                judge.judge(chunk -> isSame(chunks.get(chunk)) && isSame(pageOfChunk.get(chunk)));
                judgeCheckpoints();
            } else {
                assertCannotBeOpened();
            }
            if (!isFrameWhole || round % REPAIRS == 0) {
                boolean isHeaderWhole = isSame(frame.get(0));
                judge.judgeRepair(chunk -> isHeaderWhole && isSame(chunks.get(chunk)));
            }
        }

        private void assertCannotBeOpened() {
            try (TraceReader reader = Traces.open(path)) {
                throw new AssertionError("opened, though header, index or trailer is another one: " + reader.path());
            } catch (TraceFormatException e) {
                TraceJudge.requireNamed(e);
            }
        }

        private void judgeCheckpoints() {
            try (ArchiveReader reader = ArchiveReader.open(path)) {
                for (int i = 0; i < checkpoints.size(); i++) {
                    CheckpointEntry written = checkpoints.get(i);
                    // A checkpoint is described where the chunk before it is.
                    boolean isWhole = isSame(pageOfChunk.get(i))
                            && isSame(new Area((int) written.offset(), (int) written.endOffset()));
                    try {
                        CheckpointEntry entry = reader.checkpoints().get(i);
                        assertThat(entry).isEqualTo(written);
                        assertThat(reader.read(entry)).isEqualTo(states.get(i));
                    } catch (TraceFormatException e) {
                        TraceJudge.requireNamed(e);
                        assertThat(isWhole)
                                .as("checkpoint %d is whole: %s", i, e)
                                .isFalse();
                    }
                }
            }
        }

        private boolean isSame(Area area) {
            return !file.isChanged(area.from(), area.to());
        }

        @Override
        public void close() throws IOException {
            assertThat(file.isWhole(path)).isTrue();
            file.close();
        }
    }

    /** The archives of one thread. */
    private static final class Ward implements DamageRounds.Bench {
        private final Patient small;
        private final Patient paged;

        Ward(Path directory) throws IOException {
            this.small = new Patient(directory.resolve("small.iorw"), 1, FEW_CHUNKS, MOST_EVENTS);
            this.paged = new Patient(directory.resolve("paged.iorw"), 2, TWO_PAGES, 1);
        }

        @Override
        public void round(long round, SplittableRandom random) throws IOException {
            (round % SELDOM == 0 ? paged : small).round(round, random);
        }

        @Override
        public void close() throws IOException {
            small.close();
            paged.close();
        }
    }

    @Test
    void damageIsHarmlessOrNamedAndWhatIsWholeStaysReadable() throws IOException {
        DamageRounds.run(directory, Ward::new);
    }
}
