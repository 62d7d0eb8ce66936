package org.iorewind.replay.checkpoint;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.iorewind.trace.archive.CheckpointDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * A cache of checkpoints beside a trace. It may be removed at any time, and is made anew when it is of another recording,
 * model or options. One process writes it, others read what is there; a record that was not written whole ends it.
 *
 * <pre>
 *   file   := "IORKPTS\1"  session id (16)  options hash (8)  model version (4)  0 (4)  record*
 *   record := next (8)  length (4)  stored length (4)  CRC-32C over the rest (4)  CRC-32C of these 20 bytes (4)  zstd frame
 * </pre>
 *
 * <p>Nothing here fails: what cannot be read or written is as if it were not there.
 */
final class CheckpointFile implements CheckpointShelf {
    private static final long MAGIC = 0x0153_5450_4B52_4F49L;
    private static final int HEADER_BYTES = 40;
    private static final int RECORD_HEADER_BYTES = 24;
    private static final int HEAD_CHECKED_BYTES = 20;
    private static final int LEVEL = 1;

    private record Place(long offset, int length, int storedLength, int checksum) {}

    private final FileChannel channel;
    private final @Nullable FileLock lock;
    private final long mostBytes;
    private final SortedMap<Long, Place> places = new TreeMap<>();
    private long end;
    private boolean isFull;

    private CheckpointFile(FileChannel channel, @Nullable FileLock lock, long mostBytes) {
        this.channel = channel;
        this.lock = lock;
        this.mostBytes = mostBytes;
    }

    /** The file that holds the checkpoints of a trace. */
    static Path beside(Path trace) {
        Path named = trace.toAbsolutePath().normalize();
        return named.resolveSibling(named.getFileName() + ".checkpoints");
    }

    /**
     * Opens or makes the file.
     *
     * @param mostBytes how long it may become
     * @return a place for nothing if it can neither be read nor written
     */
    static CheckpointShelf open(Path path, CheckpointKey key, long mostBytes) {
        return open(path, key, mostBytes, !Files.exists(path) || Files.isWritable(path));
    }

    /** The same of a file that is there, which stays as it is. */
    static CheckpointShelf existing(Path path, CheckpointKey key) {
        return open(path, key, 0, false);
    }

    @SuppressWarnings("resource") // belongs to the shelf
    private static CheckpointShelf open(Path path, CheckpointKey key, long mostBytes, boolean isWritable) {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            return NONE;
        }
        try {
            FileChannel channel =
                    isWritable ? FileChannel.open(path, CREATE, READ, WRITE) : FileChannel.open(path, READ);
            CheckpointFile file = new CheckpointFile(channel, isWritable ? tryLock(channel) : null, mostBytes);
            if (!file.begin(key)) {
                channel.close();
                return NONE;
            }
            return file;
        } catch (IOException e) {
            return NONE;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Reads the heads, or begins anew; false if the file is not ours to use. */
    private boolean begin(CheckpointKey key) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(LITTLE_ENDIAN);
        header.putLong(MAGIC).putLong(key.idHigh()).putLong(key.idLow()).putLong(key.optionsHash());
        header.putInt(key.modelVersion()).putInt(0).flip();
        ByteBuffer found = ByteBuffer.allocate(HEADER_BYTES).order(LITTLE_ENDIAN);
        boolean isWhole = readFully(found, 0);
        if (isWhole && found.flip().equals(header)) {
            scan();
            return true;
        }
        // Something else of that name is not ours to replace.
        boolean isOurs = channel.size() == 0 || isWhole && found.getLong(0) == MAGIC;
        if (lock == null || !isOurs) {
            return false;
        }
        channel.truncate(0);
        writeFully(header, 0);
        end = HEADER_BYTES;
        return true;
    }

    private void scan() throws IOException {
        long size = channel.size();
        end = HEADER_BYTES;
        ByteBuffer head = ByteBuffer.allocate(RECORD_HEADER_BYTES).order(LITTLE_ENDIAN);
        while (readFully(head.clear(), end)) {
            head.flip();
            int storedLength = head.getInt(12);
            long next = head.getLong(0);
            Place place = new Place(end + RECORD_HEADER_BYTES, head.getInt(8), storedLength, head.getInt(16));
            boolean isSound = checksum(head.array(), HEAD_CHECKED_BYTES) == head.getInt(HEAD_CHECKED_BYTES)
                    && storedLength >= 0
                    && place.length >= 0
                    && place.length <= CheckpointDescriptor.MAX_PAYLOAD_LENGTH
                    && place.offset + storedLength <= size;
            if (!isSound) {
                return;
            }
            places.put(next, place);
            end = place.offset + storedLength;
        }
    }

    @Override
    public SortedSet<Long> sequences() {
        return new TreeSet<>(places.keySet());
    }

    @Override
    public byte @Nullable [] read(long next) {
        Place place = places.get(next);
        if (place == null) {
            return null;
        }
        byte[] stored = new byte[place.storedLength];
        try {
            if (!readFully(ByteBuffer.wrap(stored), place.offset)
                    || checksum(stored, stored.length) != place.checksum) {
                return null;
            }
        } catch (IOException e) {
            return null;
        }
        byte[] bytes = new byte[place.length];
        long length = Zstd.decompress(bytes, stored);
        return Zstd.isError(length) || length != place.length ? null : bytes;
    }

    @Override
    public boolean isTaking() {
        return lock != null && !isFull;
    }

    @Override
    public boolean write(long next, byte[] bytes) {
        if (!isTaking() || bytes.length > CheckpointDescriptor.MAX_PAYLOAD_LENGTH) {
            return false;
        }
        byte[] stored = Zstd.compress(bytes, LEVEL);
        if (end + RECORD_HEADER_BYTES + stored.length > mostBytes) {
            isFull = true;
            return false;
        }
        int checksum = checksum(stored, stored.length);
        ByteBuffer record =
                ByteBuffer.allocate(RECORD_HEADER_BYTES + stored.length).order(LITTLE_ENDIAN);
        record.putLong(next).putInt(bytes.length).putInt(stored.length).putInt(checksum);
        record.putInt(checksum(record.array(), HEAD_CHECKED_BYTES)).put(stored).flip();
        try {
            writeFully(record, end);
        } catch (IOException e) {
            isFull = true;
            return false;
        }
        places.put(next, new Place(end + RECORD_HEADER_BYTES, bytes.length, stored.length, checksum));
        end += RECORD_HEADER_BYTES + stored.length;
        return true;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private boolean readFully(ByteBuffer into, long offset) throws IOException {
        long at = offset;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                return false;
            }
            at += read;
        }
        return true;
    }

    private void writeFully(ByteBuffer from, long offset) throws IOException {
        long at = offset;
        while (from.hasRemaining()) {
            at += channel.write(from, at);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // What was written is checked by whoever reads it.
        }
    }
}
