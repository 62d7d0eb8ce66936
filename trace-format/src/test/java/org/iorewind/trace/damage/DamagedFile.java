package org.iorewind.trace.damage;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A file that is damaged and restored, over and over. Only what changes is written: a round costs what its damage is long,
 * not what the file is. Not thread-safe.
 */
public final class DamagedFile implements AutoCloseable {
    private static final int PAGE = 4096;
    private static final int NEAR = 64;
    /** Damages are shorter than 2 to this, half of them a lot. */
    private static final int LONGEST_SHIFT = 17;

    private final FileChannel channel;
    private final String name;
    private final byte[] whole;
    private final byte[] now;
    private final List<Area> areas;
    /** Numbers of the pages that are not zero. */
    private final BitSet written;

    private int length;
    /** All damage of this round lies in here. */
    private int from;

    private int to;

    /**
     * A piece of a file with a meaning of its own: a header, a length, a table.
     *
     * @param from offset of its first byte
     * @param to offset behind its last one, which is another one
     */
    public record Area(int from, int to) {}

    /**
     * Opens a file that is whole.
     *
     * @param areas at least one: most damages begin in or close to one of them, each as often as the others, however long
     */
    public DamagedFile(Path file, List<Area> areas) throws IOException {
        this.channel = FileChannel.open(file, READ, WRITE);
        this.name = String.valueOf(file.getFileName());
        this.whole = Files.readAllBytes(file);
        this.now = whole.clone();
        this.written = writtenPages(whole);
        this.areas = List.copyOf(areas);
        this.length = whole.length;
        settle();
    }

    /** What stands in the file now; behind its length, what stood there before. */
    public ByteBuffer now() {
        return ByteBuffer.wrap(now, 0, length);
    }

    /** Whether a byte of a range is not what it was; no byte is, of one that was cut off. */
    public boolean isChanged(long first, long end) {
        if (end > length && first < end) {
            return true;
        }
        int low = (int) Math.max(first, from);
        int high = (int) Math.min(end, to);
        return low < high && !Arrays.equals(now, low, high, whole, low, high);
    }

    /**
     * Damages it once more.
     *
     * @return what was done
     */
    public String damage(SplittableRandom random) throws IOException {
        int wanted = 1 + random.nextInt(1 << random.nextInt(LONGEST_SHIFT));
        int at = Math.min(place(random), length - 1);
        if (at < 0) {
            return name + ": nothing is left";
        }
        int count = Math.min(wanted, length - at);
        String what;
        switch (random.nextInt(7)) {
            case 0 -> {
                what = "zeros";
                Arrays.fill(now, at, at + count, (byte) 0);
            }
            case 1 -> {
                what = "chance";
                byte[] chance = new byte[count];
                random.nextBytes(chance);
                System.arraycopy(chance, 0, now, at, count);
            }
            case 2 -> {
                count = 1;
                what = "a bit";
                now[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            }
            case 3, 4 -> {
                int source = Math.min(place(random), length - count);
                what = "what stands at " + source;
                System.arraycopy(whole, source, now, at, count);
            }
            case 5 -> {
                // As if bytes had been lost or had come in between.
                int source = Math.max(0, Math.min(at + random.nextInt(2 * NEAR + 1) - NEAR, length - count));
                what = "what stands at " + source;
                System.arraycopy(whole, source, now, at, count);
            }
            default -> {
                channel.truncate(at);
                from = Math.min(from, at);
                to = whole.length;
                length = at;
                return name + ": cut to " + at;
            }
        }
        write(at, at + count);
        from = Math.min(from, at);
        to = Math.max(to, at + count);
        return name + ": " + what + " from " + at + ", " + count + " bytes";
    }

    private int place(SplittableRandom random) {
        Area area = areas.get(random.nextInt(areas.size()));
        int place = switch (random.nextInt(8)) {
            case 0 -> random.nextInt(whole.length);
            case 1, 2, 3 -> random.nextInt(area.from(), area.to());
            case 4 -> area.from();
            case 5 -> area.to();
            case 6 -> area.from() + random.nextInt(2 * NEAR) - NEAR;
            default -> area.to() + random.nextInt(2 * NEAR) - NEAR;
        };
        return Math.max(0, Math.min(place, whole.length - 1));
    }

    /** Undoes all damage. */
    public void restore() throws IOException {
        if (from >= to) {
            return;
        }
        System.arraycopy(whole, from, now, from, to - from);
        if (length == whole.length) {
            write(from, to);
        } else {
            restoreCut();
        }
        length = whole.length;
        settle();
    }

    /** Pages of zeros come by themselves where a file grows. */
    private void restoreCut() throws IOException {
        write(from, length);
        for (int page = length; page < whole.length; page = (page / PAGE + 1) * PAGE) {
            int end = Math.min((page / PAGE + 1) * PAGE, whole.length);
            if (end == whole.length || written.get(page / PAGE)) {
                write(page, end);
            }
        }
    }

    private static BitSet writtenPages(byte[] whole) {
        BitSet written = new BitSet();
        for (int i = 0; i < whole.length; i++) {
            if (whole[i] != 0) {
                written.set(i / PAGE);
            }
        }
        return written;
    }

    private void write(int first, int end) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(now, first, end - first);
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position());
        }
    }

    private void settle() {
        from = whole.length;
        to = 0;
    }

    /** Whether the file is what it was, byte by byte, as others see it. */
    public boolean isWhole(Path file) throws IOException {
        return Arrays.equals(Files.readAllBytes(file), whole);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
