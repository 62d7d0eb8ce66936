package org.iorewind.trace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventList;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.block.BlockDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Loss of power, simulated. While a journal is written its files are looked at after every burst of events, and every version
 * of every page is kept, from the one that was forced to the disk last. A disk after the loss holds any of these versions of
 * each page: the oldest, the newest, one in between, or sectors of two of them.
 */
class PowerLossTest {
    private static final int PAGE = 4096;
    private static final int SECTOR = 512;
    private static final int BURST = 2_100;
    private static final int PATIENCE_S = 60;
    private static final int IMAGES = Integer.getInteger("iorewind.powerloss.images", 12);

    @TempDir
    Path directory;

    private final EventList events = RandomEvents.smallSession(5, 26 * BURST);

    /** A file and the versions its pages may have on the disk. */
    private static final class VersionedFile {
        private final Path path;
        private final List<List<byte[]>> pages = new ArrayList<>();

        VersionedFile(Path path) {
            this.path = path;
        }

        void look(boolean forced, int fromPage, int toPage) {
            byte[] now;
            try {
                now = Files.readAllBytes(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            for (int page = 0; page * PAGE < now.length; page++) {
                byte[] content = Arrays.copyOfRange(now, page * PAGE, (page + 1) * PAGE);
                if (page == pages.size()) {
                    pages.add(new ArrayList<>(List.of(new byte[PAGE])));
                }
                List<byte[]> versions = pages.get(page);
                if (!Arrays.equals(versions.get(versions.size() - 1), content)) {
                    versions.add(content);
                }
                if (forced && page >= fromPage && page < toPage) {
                    versions.clear();
                    versions.add(content);
                }
            }
        }

        byte[] image(Random random, int style) {
            byte[] image = new byte[pages.size() * PAGE];
            for (int page = 0; page < pages.size(); page++) {
                List<byte[]> versions = pages.get(page);
                for (int sector = 0; sector < PAGE; sector += SECTOR) {
                    boolean choose = sector == 0 || style == 3;
                    int version = !choose
                            ? -1
                            : switch (style) {
                                case 0 -> 0;
                                case 1 -> versions.size() - 1;
                                default -> random.nextInt(versions.size());
                            };
                    if (choose) {
                        int length = style == 3 ? SECTOR : PAGE;
                        System.arraycopy(versions.get(version), sector, image, page * PAGE + sector, length);
                    }
                }
            }
            return image;
        }
    }

    private Path live() {
        return directory.resolve("live");
    }

    private VersionedFile slots;
    private VersionedFile queue;
    private final Set<Disk.Part> seen = EnumSet.noneOf(Disk.Part.class);

    /** Where the publisher waits, after it has forced the queue and before anybody relies on that. */
    private volatile CountDownLatch gate = new CountDownLatch(0);

    private final Semaphore waitingAtTheGate = new Semaphore(0);

    /** Called by the writer's thread and by the publisher's. */
    private void forced(Disk.Part part) {
        if (part == Disk.Part.QUEUE && gate.getCount() > 0) {
            waitingAtTheGate.release();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        keep(part);
    }

    private synchronized void keep(Disk.Part part) {
        seen.add(part);
        if (slots == null) {
            slots = new VersionedFile(live().resolve(StagingDescriptor.NAME));
            queue = new VersionedFile(
                    live().resolve(JournalDescriptor.BLOCKS_NAME).resolve(JournalDescriptor.QUEUE_DATA_NAME));
        }
        switch (part) {
            case SLOTS -> slots.look(true, 1, Integer.MAX_VALUE);
            case DESCRIPTION -> slots.look(true, 0, 1);
            case QUEUE -> queue.look(true, 0, Integer.MAX_VALUE);
            case NAMES -> {}
        }
    }

    @ParameterizedTest
    @EnumSource(SyncLevel.class)
    void whatIsBelowTheDurableMarkIsThereAndNothingElseIsInvented(SyncLevel level) throws IOException {
        Random random = new Random(level.ordinal());
        JournalOptions options = JournalOptions.defaults().sync(level).syncIntervalMs(3_600_000);
        try (JournalWriter writer = JournalWriter.create(live(), options, this::forced)) {
            int appended = 0;
            int durable = 0;
            while (appended < events.frames().size()) {
                append(writer, appended, appended + BURST);
                appended += BURST;
                if (slots == null) {
                    forced(Disk.Part.NAMES);
                }
                if (level != SyncLevel.NONE && random.nextInt(5) == 0) {
                    writer.sync();
                    durable = appended;
                }
                look();
                if (appended % (5 * BURST) == 0) {
                    for (int image = 0; image < IMAGES; image++) {
                        losePower(random, image % 4, level == SyncLevel.NONE ? 0 : durable, appended);
                    }
                }
            }
        }
        if (level == SyncLevel.DATA_AND_METADATA) {
            assertThat(seen).contains(Disk.Part.NAMES);
        }
    }

    /**
     * Power goes while blocks are on their way to the disk: the open block is durable in its slot, is filled and published, and
     * so is one more perhaps; any of these pages of the queue may be there already, and the slot may still be as it was.
     */
    @Test
    void aBlockThatIsOnItsWayToTheDiskMayBeThereInPart() throws IOException, InterruptedException {
        Random random = new Random(7);
        JournalOptions options = JournalOptions.defaults().sync(SyncLevel.DATA).syncIntervalMs(3_600_000);
        try (JournalWriter writer = JournalWriter.create(live(), options, this::forced)) {
            int more = 2 * BlockDescriptor.TARGET_COUNT;
            for (int at = 0; at + BURST + more <= events.frames().size(); at += BURST + more) {
                int durable = at + BURST;
                append(writer, at, durable);
                writer.sync();
                look();
                gate = new CountDownLatch(1);
                try {
                    append(writer, durable, durable + more);
                    assertThat(waitingAtTheGate.tryAcquire(PATIENCE_S, TimeUnit.SECONDS))
                            .isTrue();
                    look();
                    for (int image = 0; image < 2 * IMAGES; image++) {
                        losePower(random, 2 + image % 2, durable, durable + more);
                    }
                } finally {
                    gate.countDown();
                }
            }
        }
    }

    private void append(JournalWriter writer, int from, int to) {
        for (byte[] frame : events.frames().subList(from, to)) {
            writer.append(new UnsafeBuffer(frame), 0, frame.length);
        }
    }

    private synchronized void look() {
        slots.look(false, 0, 0);
        queue.look(false, 0, 0);
    }

    private synchronized void losePower(Random random, int style, int durable, int appended) throws IOException {
        Path image = Files.createTempDirectory(directory, "image");
        Files.createDirectories(image.resolve(JournalDescriptor.BLOCKS_NAME));
        Files.copy(live().resolve(JournalDescriptor.MARKER_NAME), image.resolve(JournalDescriptor.MARKER_NAME));
        Files.write(image.resolve(StagingDescriptor.NAME), slots.image(random, style));
        Files.write(
                image.resolve(JournalDescriptor.BLOCKS_NAME).resolve(JournalDescriptor.QUEUE_DATA_NAME),
                queue.image(random, style));
        String what = "style " + style + ", " + durable + " durable of " + appended;
        List<String> got = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(image);
                EventCursor cursor = reader.cursor()) {
            try {
                while (cursor.next()) {
                    byte[] frame = new byte[cursor.event().frameLength()];
                    cursor.event().buffer().getBytes(cursor.event().offset(), frame);
                    got.add(HexFormat.of().formatHex(frame));
                }
            } catch (TraceFormatException e) {
                assertThat(reader.check().isIntact()).as(what).isFalse();
            }
            assertThat(got).as(what).isEqualTo(events.hex().subList(0, got.size()));
            assertThat(got.size()).as(what).isBetween(durable, appended);
            assertThat(reader.durableEvents()).as(what).isBetween((long) durable, (long) got.size());
            assertThat(reader.mayHaveLostItsEnd(new BootIdentity(1, 2))).isTrue();
        }
        JournalTest.delete(image);
    }

    @Test
    void withinTheSameRunOfTheKernelNothingCanBeLostUnnoticed() {
        try (JournalWriter writer = JournalWriter.create(live())) {
            events.copyTo(writer);
            try (JournalReader reader = JournalReader.open(live())) {
                BootIdentity now = BootIdentity.current();
                assertThat(reader.mayHaveLostItsEnd()).isEqualTo(now.equals(BootIdentity.UNKNOWN));
                assertThat(reader.mayHaveLostItsEnd(new BootIdentity(1, 2))).isTrue();
            }
        }
        try (JournalReader reader = JournalReader.open(live())) {
            assertThat(reader.mayHaveLostItsEnd(new BootIdentity(1, 2))).isFalse();
        }
    }

    @Test
    void aMarkThatPromisesMoreThanThereIsIsNamed() throws IOException {
        try (JournalWriter writer = JournalWriter.create(live())) {
            events.copyTo(writer);
            writer.sync();
        }
        Path file = live().resolve(StagingDescriptor.NAME);
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, StagingDescriptor.PAGE_LENGTH, bytes.length, (byte) 0);
        Arrays.fill(bytes, StagingDescriptor.END_OFFSET, StagingDescriptor.END_OFFSET + 24, (byte) 0);
        Files.write(file, bytes);
        Path data = live().resolve(JournalDescriptor.BLOCKS_NAME).resolve(JournalDescriptor.QUEUE_DATA_NAME);
        byte[] queued = Files.readAllBytes(data);
        Arrays.fill(queued, 300_000, queued.length, (byte) 0);
        Files.write(data, queued);
        try (JournalReader reader = JournalReader.open(live())) {
            assertThat(reader.check().damages()).anySatisfy(damage -> {
                assertThat(damage.expected()).contains(events.frames().size() + " events");
                assertThat(damage.lastSequenceMissing())
                        .isEqualTo(events.frames().size() - 1);
            });
        }
    }
}
