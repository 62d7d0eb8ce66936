package org.iorewind.trace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.iorewind.trace.EventList;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.block.BlockDescriptor;
import org.iorewind.trace.damage.DamageRounds;
import org.iorewind.trace.damage.DamagedFile;
import org.iorewind.trace.damage.DamagedFile.Area;
import org.iorewind.trace.damage.TraceJudge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damage by chance to journals of thirteen blocks, stopped in several ways: ranges zeroed, overwritten, exchanged, moved, cut off;
 * one at a time or several.
 */
class DamageRoundsTest {
    private static final int BLOCKS = 13;
    private static final int MOST_EVENTS = 40;
    /** Each so manieth round is one of the journal with blocks of 4,000 events, which takes as long as many of the others. */
    private static final int SELDOM = 256;
    /** Each so manieth round also repairs. */
    private static final int REPAIRS = 7;

    @TempDir
    Path directory;

    /** One journal and its judge. */
    private static final class Patient implements AutoCloseable {
        private final SmallBlocks journal;
        private final long[] parts;
        private final TraceJudge judge;
        private final DamagedFile marker;
        private final int markerLength;
        private final DamagedFile slots;
        private final DamagedFile queue;

        Patient(Path directory, SmallBlocks.State state, EventList events, long[] parts) throws IOException {
            this.parts = parts.clone();
            this.journal = SmallBlocks.write(directory, state, events, parts);
            this.judge = new TraceJudge(directory, events, parts);
            this.markerLength = (int) Files.size(journal.markerFile());
            this.marker = new DamagedFile(journal.markerFile(), List.of(new Area(0, markerLength)));
            this.slots = new DamagedFile(journal.slotFile(), journal.areasOfSlots());
            this.queue = new DamagedFile(journal.queueFile(), journal.areasOfQueue());
        }

        void round(long round, SplittableRandom random) throws IOException {
            List<String> what = new ArrayList<>();
            for (int damages = 1 + random.nextInt(8) / 6 * (1 + random.nextInt(3)); damages > 0; damages--) {
                int choice = random.nextInt(32);
                what.add((choice == 0 ? marker : choice < 16 ? slots : queue).damage(random));
            }
            try {
                judge(round);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(journal + ", " + what + ": " + e.getMessage(), e);
            } finally {
                marker.restore();
                slots.restore();
                queue.restore();
            }
        }

        private void judge(long round) {
            boolean isMarkerWhole = !marker.isChanged(0, markerLength);
            if (!isMarkerWhole && !isMarkerReadable()) {
                return;
            }
            TraceJudge.Expectation expected = new TraceJudge.Expectation() {
                @Override
                public boolean isWhole(int block) {
                    // Of another session nothing in the journal would be.
                    return isMarkerWhole && Patient.this.isWhole(block);
                }

                @Override
                public boolean mayEndBefore(long sequence) {
                    return Patient.this.mayEndBefore(sequence);
                }
            };
            judge.judge(expected);
            if (round % REPAIRS == 0) {
                judge.judgeRepair(expected);
            }
        }

        /** A marker that was changed is refused, or names another minor version or another session. */
        private boolean isMarkerReadable() {
            try (JournalReader reader = JournalReader.open(journal.markerFile().getParent())) {
                return reader.path() != null;
            } catch (TraceFormatException e) {
                TraceJudge.requireNamed(e);
                return false;
            }
        }

        private boolean isWhole(int block) {
            return journal.isQueued(block) && isSame(queue, journal.inQueue(block))
                    || journal.isInSlot(block)
                            && isSame(slots, journal.slotHeader(block))
                            && isSame(slots, journal.slotChecks(block))
                            && isSame(slots, journal.slotFrames(block));
        }

        /**
         * A count of the last slot that was overwritten with the number of what is still there looks as if the writer had just
         * got so far, unless more is promised to be durable.
         */
        private boolean mayEndBefore(long sequence) {
            Area header = journal.slotHeader(BLOCKS - 1);
            int countAt = header.to() - Integer.BYTES;
            boolean isSlot =
                    !slots.isChanged(header.from(), countAt) && slots.now().limit() >= header.to();
            long there = sequence - parts[BLOCKS - 1];
            int counted = isSlot ? slots.now().order(ByteOrder.LITTLE_ENDIAN).getInt(countAt) : -1;
            return isSlot && !isPromised() && there >= 0 && (there == counted || there == counted + 1);
        }

        private boolean isPromised() {
            return journal.isDurable() && isSame(slots, journal.firstMark());
        }

        private static boolean isSame(DamagedFile file, Area area) {
            return !file.isChanged(area.from(), area.to());
        }

        @Override
        public void close() throws IOException {
            assertThat(marker.isWhole(journal.markerFile())).isTrue();
            assertThat(slots.isWhole(journal.slotFile())).isTrue();
            assertThat(queue.isWhole(journal.queueFile())).isTrue();
            marker.close();
            slots.close();
            queue.close();
        }
    }

    /** A journal of small blocks for each state, and a large one. */
    private static final class Ward implements DamageRounds.Bench {
        private final List<Patient> patients = new ArrayList<>();
        private final Patient large;

        Ward(Path directory) throws IOException {
            for (SmallBlocks.State state : SmallBlocks.State.values()) {
                patients.add(small(directory.resolve(state.name()), state));
            }
            long[] parts = new long[BLOCKS + 1];
            Arrays.setAll(parts, i -> i * (long) BlockDescriptor.TARGET_COUNT);
            parts[BLOCKS] -= BlockDescriptor.TARGET_COUNT / 2;
            EventList events = RandomEvents.smallSession(5, (int) parts[BLOCKS]);
            large = new Patient(directory.resolve("large"), SmallBlocks.State.STOPPED, events, parts);
        }

        private static Patient small(Path directory, SmallBlocks.State state) throws IOException {
            SplittableRandom random = new SplittableRandom(state.ordinal());
            long[] parts = new long[BLOCKS + 1];
            for (int i = 0; i < BLOCKS; i++) {
                parts[i + 1] = parts[i] + 1 + random.nextInt(MOST_EVENTS);
            }
            EventList events = RandomEvents.session(state.ordinal() + 1L, (int) parts[BLOCKS]);
            // Some events come in several frames.
            parts[BLOCKS] = events.frames().size();
            return new Patient(directory, state, events, parts);
        }

        @Override
        public void round(long round, SplittableRandom random) throws IOException {
            Patient patient = patients.get((int) (round % patients.size()));
            (round % SELDOM == SELDOM - 1 ? large : patient).round(round, random);
        }

        @Override
        public void close() throws IOException {
            large.close();
            for (Patient patient : patients) {
                patient.close();
            }
        }
    }

    @Test
    void damageIsHarmlessOrNamedAndWhatIsWholeStaysReadable() throws IOException {
        DamageRounds.run(directory, Ward::new);
    }
}
