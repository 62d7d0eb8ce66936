package org.iorewind.record.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.iorewind.record.memory.RamLayout.Piece;
import org.iorewind.trace.TraceStoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedGuestMemoryTest {
    @TempDir
    Path folder;

    @Test
    void storesOfAnotherAreSeenWhereTheGuestHasThem() throws IOException {
        Path file = folder.resolve("ram");
        // more than one mapping holds, and no room on the disk is taken for it
        long size = 3L << 30;
        try (RandomAccessFile ram = new RandomAccessFile(file.toFile(), "rw")) {
            ram.setLength(size);
            RamLayout layout =
                    new RamLayout(List.of(new Piece(0, 0, 2L << 30), new Piece(1L << 32, 2L << 30, 1L << 30)));
            try (MappedGuestMemory memory = MappedGuestMemory.open(file, layout)) {
                Files.delete(file);
                ram.seek(0x9000_0010L);
                ram.write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
                long[] words = new long[2];
                assertThat(memory.read(0x1_1000_0010L, words, 2)).isTrue();
                assertThat(words).containsExactly(0x0807_0605_0403_0201L, 9);
                assertThat(memory.read(0x9000_0010L, words, 2)).isFalse();
            }
        }
    }

    @Test
    void aLayoutThatPromisesMoreThanTheFileHasReadsNothingBeyondIt() throws IOException {
        Path file = Files.write(folder.resolve("ram"), new byte[4096]);
        RamLayout layout = new RamLayout(List.of(new Piece(0, 0, 1 << 20)));
        try (MappedGuestMemory memory = MappedGuestMemory.open(file, layout)) {
            long[] words = new long[2];
            assertThat(memory.read(4088, words, 1)).isTrue();
            assertThat(memory.read(4088, words, 2)).isFalse();
            assertThat(memory.read(8192, words, 1)).isFalse();
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() ->
                        MappedGuestMemory.open(folder.resolve("absent"), new RamLayout(List.of(new Piece(0, 0, 1)))))
                .isInstanceOf(TraceStoreException.class)
                .hasMessageContaining("absent");
    }
}
