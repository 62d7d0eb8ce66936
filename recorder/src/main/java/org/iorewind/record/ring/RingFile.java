package org.iorewind.record.ring;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.intake.BackPressure;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/**
 * The file of a ring, mapped by its reader. While it is open it holds the lock by which the writer sees that somebody reads:
 * no other file object of this process may open and close the same file, that would drop the lock.
 *
 * <p>Not thread-safe, except {@link #status}, {@link #writerState} and {@link #deviceTable}.
 */
public final class RingFile implements AutoCloseable {
    private static final int ZEROS_AT_ONCE = 1 << 20;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final Path path;
    private final FileChannel channel;
    private final FileLock reading;
    private final UnsafeBuffer header;
    private final UnsafeBuffer data;
    private final int capacity;
    private boolean closed;

    private RingFile(Path path, FileChannel channel, FileLock reading, MappedByteBuffer mapped, int capacity) {
        this.path = path;
        this.channel = channel;
        this.reading = reading;
        this.capacity = capacity;
        this.header = new UnsafeBuffer(mapped, 0, RingDescriptor.HEADER_LENGTH);
        this.data = new UnsafeBuffer(mapped, RingDescriptor.HEADER_LENGTH, capacity + RingDescriptor.TRAILER_LENGTH);
    }

    /**
     * Makes a ring, for its owner only. Its space is taken now: a full disk, or full shared memory, shows here and not in the
     * process that writes.
     *
     * @param path where nothing is yet, best in {@code /dev/shm}
     * @param options how it works
     * @throws TraceStoreException if that is not possible
     */
    public static RingFile create(Path path, RingOptions options) {
        long length = RingDescriptor.fileLength(options.capacityBytes());
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            throw refused(path, "a place where nothing is yet", "a file", "remove it, or name another place", e);
        } catch (IOException | UnsupportedOperationException e) {
            throw refused(path, "a folder in which a file can be made", reason(e), "name another place", e);
        }
        try {
            ByteBuffer zeros = ByteBuffer.allocate(ZEROS_AT_ONCE);
            for (long at = 0; at < length; at += zeros.limit()) {
                zeros.position(0).limit((int) Math.min(ZEROS_AT_ONCE, length - at));
                for (int done = 0; done < zeros.limit(); ) {
                    done += channel.write(zeros, at + done);
                }
            }
            RingFile ring = map(path, channel, length, options.capacityBytes());
            ring.describe(options);
            return ring;
        } catch (IOException | RuntimeException e) {
            closeQuietly(channel, e);
            deleteQuietly(path, e);
            if (e instanceof TraceStoreException known) {
                throw known;
            }
            throw refused(
                    path, "room for a ring of " + length + " bytes", reason(e), "make room, or a smaller ring", e);
        }
    }

    /**
     * Joins a ring that is there as its reader: the one before it has died, or left.
     *
     * @param path its name; or the name of a writer's open file in {@code /proc}, when the ring itself has none any more
     * @throws TraceFormatException if it is not a ring, or of another version
     * @throws TraceStoreException if it cannot be opened, or has a reader
     */
    public static RingFile open(Path path) {
        FileChannel channel;
        try {
            channel = path.startsWith("/proc")
                    ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
                    : FileChannel.open(
                            path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException | UnsupportedOperationException e) {
            throw refused(path, "a ring", reason(e), "name the file that the writer was given", e);
        }
        try {
            int capacity = checkedCapacity(path, channel);
            RingFile ring = map(path, channel, RingDescriptor.fileLength(capacity), capacity);
            ring.checkPositions();
            ring.arrive();
            return ring;
        } catch (IOException e) {
            closeQuietly(channel, e);
            throw refused(path, "a ring", reason(e), "name the file that the writer was given", e);
        } catch (RuntimeException e) {
            closeQuietly(channel, e);
            throw e;
        }
    }

    private static int checkedCapacity(Path path, FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(RingDescriptor.HEADER_LENGTH).order(LITTLE_ENDIAN);
        while (start.hasRemaining() && channel.read(start, start.position()) > 0) {
            // until the end of the header, or of the file
        }
        if (start.hasRemaining() || start.getLong(0) != RingDescriptor.MAGIC) {
            throw damaged(path, "at 0", "the magic number of a ring", "something else");
        }
        int version = start.getInt(RingDescriptor.VERSION_OFFSET);
        int headerLength = start.getInt(RingDescriptor.HEADER_LENGTH_OFFSET);
        if (version != RingDescriptor.VERSION || headerLength != RingDescriptor.HEADER_LENGTH) {
            throw damaged(path, "at 8", "version 1 with a header of 4096 bytes", version + " with " + headerLength);
        }
        long capacity = start.getLong(RingDescriptor.CAPACITY_OFFSET);
        boolean possible = capacity >= RingDescriptor.MIN_CAPACITY
                && capacity <= RingDescriptor.MAX_CAPACITY
                && Long.bitCount(capacity) == 1;
        if (!possible || channel.size() < RingDescriptor.fileLength((int) capacity)) {
            throw damaged(
                    path,
                    "at 16",
                    "a capacity that is a power of two and fits the file",
                    capacity + " in a file of " + channel.size() + " bytes");
        }
        return (int) capacity;
    }

    private static RingFile map(Path path, FileChannel channel, long length, int capacity) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock(RingDescriptor.READER_LOCK, 1, false);
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw refused(path, "a ring that nobody reads", "a reader", "stop the other recorder", null);
        }
        return new RingFile(path, channel, lock, channel.map(FileChannel.MapMode.READ_WRITE, 0, length), capacity);
    }

    private void describe(RingOptions options) {
        EventTable table = EventTable.standard();
        header.putInt(RingDescriptor.VERSION_OFFSET, RingDescriptor.VERSION, LITTLE_ENDIAN);
        header.putInt(RingDescriptor.HEADER_LENGTH_OFFSET, RingDescriptor.HEADER_LENGTH, LITTLE_ENDIAN);
        header.putLong(RingDescriptor.CAPACITY_OFFSET, capacity, LITTLE_ENDIAN);
        header.putShort(RingDescriptor.SCHEMA_ID_OFFSET, (short) table.schemaId(), LITTLE_ENDIAN);
        header.putShort(RingDescriptor.SCHEMA_VERSION_OFFSET, (short) table.schemaVersion(), LITTLE_ENDIAN);
        int policy = options.policy() == BackPressure.BLOCK ? 0 : 1;
        header.putInt(RingDescriptor.POLICY_OFFSET, policy, LITTLE_ENDIAN);
        header.putLong(RingDescriptor.WAIT_LIMIT_OFFSET, options.waitLimit().toNanos(), LITTLE_ENDIAN);
        Instant now = Instant.now();
        // On Linux this is CLOCK_MONOTONIC, the clock of the writer.
        header.putLong(RingDescriptor.START_MONO_OFFSET, System.nanoTime(), LITTLE_ENDIAN);
        header.putLong(
                RingDescriptor.START_UNIX_OFFSET, now.getEpochSecond() * NS_PER_SECOND + now.getNano(), LITTLE_ENDIAN);
        arrive();
        header.putLongVolatile(0, RingDescriptor.MAGIC);
    }

    private void checkPositions() {
        long head = head();
        long tail = tail();
        boolean aligned = ((head | tail) & RingDescriptor.RECORD_ALIGNMENT - 1) == 0;
        if (head < 0 || tail < head || tail - head > capacity || !aligned) {
            throw damaged(path, "positions", "a tail at most the capacity behind the head", head + " and " + tail);
        }
    }

    private void arrive() {
        header.putInt(
                RingDescriptor.READER_PID_OFFSET, (int) ProcessHandle.current().pid(), LITTLE_ENDIAN);
        alive();
        startsAfresh();
        header.putIntVolatile(RingDescriptor.READER_STATE_OFFSET, RingDescriptor.STATE_HERE);
    }

    /** Says that this reader knows nothing of what the records before now told: a writer may not leave it out any longer. */
    public void startsAfresh() {
        header.getAndAddLong(RingDescriptor.READER_STARTS_OFFSET, 1);
    }

    /** Shows the writer that somebody looks. */
    void alive() {
        header.putLongVolatile(RingDescriptor.READER_ALIVE_OFFSET, System.nanoTime());
    }

    /** Where the file is: what the writer must be given. */
    public Path path() {
        return path;
    }

    /** Wall clock at time 0 of the ring, in ns since 1970-01-01 UTC. */
    public long startUnixNs() {
        return header.getLong(RingDescriptor.START_UNIX_OFFSET, LITTLE_ENDIAN);
    }

    /** Time now, as the writer's records have it: ns since the ring was made. */
    public long nowNs() {
        return System.nanoTime() - header.getLong(RingDescriptor.START_MONO_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * Tells a writer inside QEMU what the IOMMU's register with the base of its device table holds. Versions of QEMU that do
     * not log the values of register writes leave it without a way to know.
     *
     * @param registerValue MMIO 0000h
     */
    public void deviceTable(long registerValue) {
        header.putLongVolatile(RingDescriptor.DEVICE_TABLE_OFFSET, registerValue);
    }

    /** What is known of the writer. A system call. */
    public WriterState writerState() {
        int state = header.getIntVolatile(RingDescriptor.WRITER_STATE_OFFSET);
        if (state == RingDescriptor.STATE_NEVER) {
            return WriterState.AWAITED;
        }
        if (writerHoldsItsLock()) {
            return WriterState.WRITING;
        }
        // It may have said its last word between the two looks.
        boolean left = header.getIntVolatile(RingDescriptor.WRITER_STATE_OFFSET) == RingDescriptor.STATE_LEFT;
        return left ? WriterState.ENDED : WriterState.KILLED;
    }

    private synchronized boolean writerHoldsItsLock() {
        if (!channel.isOpen()) {
            return false;
        }
        try (FileLock lock = channel.tryLock(RingDescriptor.WRITER_LOCK, 1, false)) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        } catch (IOException e) {
            throw refused(path, "a lock", reason(e), "the recording cannot go on", e);
        }
    }

    /** How the ring is doing. */
    public RingStatus status() {
        long head = head();
        long used = Math.max(0, Math.min(capacity, tail() - head));
        return new RingStatus(
                used,
                capacity,
                head,
                header.getLongVolatile(RingDescriptor.LOST_OFFSET),
                header.getLongVolatile(RingDescriptor.WAITS_OFFSET),
                header.getLongVolatile(RingDescriptor.WAITED_OFFSET),
                header.getInt(RingDescriptor.WRITER_PID_OFFSET, LITTLE_ENDIAN));
    }

    int capacity() {
        return capacity;
    }

    UnsafeBuffer header() {
        return header;
    }

    UnsafeBuffer data() {
        return data;
    }

    long tail() {
        return data.getLongVolatile(capacity + RingDescriptor.TAIL_OFFSET);
    }

    long head() {
        return data.getLongVolatile(capacity + RingDescriptor.HEAD_OFFSET);
    }

    /**
     * Leaves: from now on the writer counts what it cannot place, without waiting. The file stays, until {@link #delete}.
     * Idempotent.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        header.putIntVolatile(RingDescriptor.READER_STATE_OFFSET, RingDescriptor.STATE_LEFT);
        try {
            reading.release();
            channel.close();
        } catch (IOException e) {
            throw refused(path, "a file that can be closed", reason(e), "", e);
        }
    }

    /** Removes the file; a writer that has it open does not notice. */
    public void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw refused(path, "a file that can be removed", reason(e), "remove it yourself", e);
        }
    }

    private static String reason(Exception e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }

    private static TraceStoreException refused(
            Path path, String expected, String found, String nextStep, @Nullable Throwable cause) {
        return new TraceStoreException(path.toString(), "", expected, found, nextStep, cause);
    }

    private static TraceFormatException damaged(Path path, String place, String expected, String found) {
        return new TraceFormatException(
                path.toString(), place, expected, found, "name a ring made by a recorder of this release");
    }

    private static void closeQuietly(FileChannel channel, Exception why) {
        try {
            channel.close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private static void deleteQuietly(Path path, Exception why) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }
}
