package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Chunks, pages and indexes whose checksums are right and whose content somebody has thought up. */
class HostileChunkTest {
    private static final int ROUNDS = Integer.getInteger("iorewind.hostile.rounds", 3_000);
    private static final KindCounts NO_KINDS = new KindCounts(new int[0], new long[0]);

    private static List<byte[]> seeds() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src", "test", "fuzz", "archive"))) {
            return files.sorted()
                    .map(file -> {
                        try {
                            return Files.readAllBytes(file);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }

    /** Any other failure than a named one comes out of the target. */
    @Test
    void changedPartsAreDecodedOrRefusedByName() throws IOException {
        Random random = new Random(1);
        Assertions.assertTimeout(Duration.ofMinutes(5), () -> {
            for (byte[] seed : seeds()) {
                for (int round = 0; round < ROUNDS; round++) {
                    byte[] changed = seed.clone();
                    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                        int at = 1 + random.nextInt(changed.length - 1);
                        switch (random.nextInt(4)) {
                            case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                            case 1 -> changed[at] = (byte) random.nextInt();
                            case 2 -> changed[at] = (byte) (random.nextBoolean() ? 0xFF : 0x7F);
                            default ->
                                Arrays.fill(changed, at, Math.min(changed.length, at + 4), (byte) random.nextInt());
                        }
                    }
                    ArchiveFuzz.fuzzerTestOneInput(changed);
                }
            }
        });
    }

    @Test
    void partsCutAnywhereAreRefusedByName() throws IOException {
        for (byte[] seed : seeds()) {
            for (int length = 0; length < seed.length; length += 1 + seed.length / 2000) {
                ArchiveFuzz.fuzzerTestOneInput(Arrays.copyOf(seed, length));
            }
        }
    }

    private static void decode(byte[] directory, byte[] streams, int count, int payload) {
        byte[] stored = Arrays.copyOf(directory, directory.length + streams.length);
        System.arraycopy(streams, 0, stored, directory.length, streams.length);
        ChunkEntry entry = new ChunkEntry(0, stored.length, payload, 0, count, 0, 0, 0, NO_KINDS);
        try (ChunkDecoder decoder = new ChunkDecoder()) {
            decoder.decode(stored, 0, entry, directory.length, directory.length);
        }
    }

    /** One shape of fixed frames of 24 bytes, with one column over the guest. */
    private static byte[] directory(int events, int bits, int storedLength) {
        ByteBuffer out = ByteBuffer.allocate(16 + 10 + 24 + 44).order(LITTLE_ENDIAN);
        out.putLong(0).putInt(0).putInt(1);
        out.put((byte) 0).put((byte) 0).putShort((short) 1).putInt(events).putShort((short) 24);
        out.putShort((short) 13)
                .putShort((short) 66)
                .put((byte) 17)
                .put((byte) 0)
                .putShort((short) 3);
        out.position(out.position() + 16);
        out.putShort((short) 18)
                .put((byte) 2)
                .put((byte) 0)
                .put((byte) 0)
                .put((byte) bits)
                .putShort((short) 0);
        out.putInt(0).putInt(storedLength).putLong(0).putLong(0).putLong(1).putInt(0);
        return out.array();
    }

    @Test
    void theHandMadeChunkIsSound() {
        byte[] directory = directory(3, 8, 3);
        decode(directory, new byte[] {1, 2, 3}, 3, 72);
    }

    @Test
    void aStreamThatGrowsBeyondItsLengthIsRefused() {
        byte[] bomb = Zstd.compress(new byte[64 << 20], 19);
        assertThat(bomb.length).isLessThan(8192);
        int events = 20_000;
        assertThatThrownBy(() -> decode(directory(events, 8, bomb.length), bomb, events, events * 24))
                .isInstanceOf(BadChunkException.class);
    }

    /** Lengths of fields take memory that the frames, however short, have to account for. */
    @Test
    void variableFieldsThatTheFramesHaveNoRoomForAreRefusedBeforeMemoryIsTaken() {
        int fields = 255;
        int events = 1_000;
        ByteBuffer out = ByteBuffer.allocate(16 + 10 + 21 + fields * ColumnDescriptor.COLUMN_LENGTH + 8)
                .order(LITTLE_ENDIAN);
        out.putLong(0).putInt(0).putInt(1);
        out.put((byte) ColumnDescriptor.FORM_VARIABLE).put((byte) fields).putShort((short) fields);
        out.putInt(events).putShort((short) 21);
        out.position(out.position() + 21);
        for (int i = 0; i < fields; i++) {
            int at = out.position();
            out.put(at + ColumnDescriptor.COLUMN_WIDTH_OFFSET, (byte) 2);
            out.position(at + ColumnDescriptor.COLUMN_LENGTH);
        }
        assertThatThrownBy(() -> decode(out.array(), new byte[0], events, events * 24))
                .isInstanceOf(BadChunkException.class)
                .hasMessageContaining("frames of 24000");
    }

    @Test
    void lengthsThatAreTooLargeOrNegativeAreRefusedBeforeMemoryIsTaken() {
        for (int hostile : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 1 << 30}) {
            assertThatThrownBy(() -> decode(directory(hostile, 8, 3), new byte[3], 3, 72))
                    .as("events %d", hostile)
                    .isInstanceOf(BadChunkException.class);
            assertThatThrownBy(() -> decode(directory(3, 8, hostile), new byte[3], 3, 72))
                    .as("stored length %d", hostile)
                    .isInstanceOf(BadChunkException.class);
        }
        assertThatThrownBy(() -> decode(directory(3, 17, 9), new byte[9], 3, 72))
                .isInstanceOf(BadChunkException.class);
    }

    @Test
    void columnsThatOverlapOrTouchTheHeaderAreRefused() {
        ByteBuffer directory = ByteBuffer.wrap(directory(3, 8, 3)).order(LITTLE_ENDIAN);
        int column = 16 + 10 + 24;
        for (int offset : new int[] {0, 6, 7, 8, 10, 23, 24, 65_535}) {
            directory.putShort(column, (short) offset);
            assertThatThrownBy(() -> decode(directory.array(), new byte[3], 3, 72))
                    .as("offset %d", offset)
                    .isInstanceOf(BadChunkException.class);
        }
    }

    @Test
    void aPredictionByWhatIsNotKnownYetIsRefused() {
        ByteBuffer directory = ByteBuffer.wrap(directory(3, 8, 3)).order(LITTLE_ENDIAN);
        int column = 16 + 10 + 24;
        directory.put(column + ColumnDescriptor.COLUMN_PREDICTOR_OFFSET, (byte) ColumnDescriptor.PREDICT_OTHER);
        int[][] others = {{1, 16}, {255, 16}, {0, 18}, {0, 8}, {0, 15}, {0, 65_535}};
        for (int[] other : others) {
            directory.put(column + ColumnDescriptor.COLUMN_OTHER_SHAPE_OFFSET, (byte) other[0]);
            directory.putShort(column + ColumnDescriptor.COLUMN_OTHER_OFFSET_OFFSET, (short) other[1]);
            assertThatThrownBy(() -> decode(directory.array(), new byte[3], 3, 72))
                    .as("shape %d offset %d", other[0], other[1])
                    .isInstanceOf(BadChunkException.class);
        }
    }
}
