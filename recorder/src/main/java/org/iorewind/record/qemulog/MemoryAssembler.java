package org.iorewind.record.qemulog;

import java.util.Arrays;
import java.util.List;
import org.iorewind.record.text.Digits;
import org.iorewind.trace.EventFlag;
import org.iorewind.trace.sbe.GapReason;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.jspecify.annotations.Nullable;

/**
 * Memory: the plug-in's {@code mem} lines, and what a recorder read beside a line ({@link Annotation}).
 *
 * <pre>
 *   mem P KIND PA N INDEX=QWORD …   content of a page that became reachable; what is not named is zero
 *   mem S KIND PA SIZE VALUE        a CPU's store
 *   mem I W|R OFFSET SIZE VALUE     a CPU's access to a register
 *   mem U KIND PA                   the page is not followed any longer
 *   mem X KIND PA SHADOW RAM        a store that the plug-in missed
 * </pre>
 *
 * <p>A recorder's reading is written only where it differs from what is known, with origin WITNESS.
 */
final class MemoryAssembler {
    private static final int PAGE_BYTES = 4096;
    private static final int WORDS_PER_PAGE = PAGE_BYTES / 8;
    private static final int LARGEST_STORE = 16;
    private static final int COMMAND_BYTES = 16;

    private final ImportContext context;
    private final byte[] page = new byte[PAGE_BYTES];
    private final byte[] word = new byte[LARGEST_STORE];
    /** Only kept when readings must be compared. */
    private final KnownWords known = new KnownWords();

    MemoryAssembler(ImportContext context) {
        this.context = context;
    }

    /** Takes a {@code mem} line; false if it cannot be understood: then nothing of it is written. */
    boolean line(LogLine line, MmioAssembler mmio) {
        String[] w = line.words();
        try {
            return switch (w[0]) {
                case "P" -> page(w);
                case "S" -> store(w);
                case "I" ->
                    w.length == 5 && mmio.pluginLine(line, w[1], Digits.hex(w[2]), Digits.hex(w[3]), Digits.hex(w[4]));
                case "X" -> missedStore(w);
                case "U" -> {
                    boolean understood = w.length == 3 && isMultiple(Digits.hex(w[2]), PAGE_BYTES);
                    if (understood) {
                        context.fold(line);
                    }
                    yield understood;
                }
                case "END" -> {
                    context.fold(line);
                    yield true;
                }
                default -> false;
            };
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private boolean page(String[] w) {
        if (w.length < 4 || Digits.decimal(w[3]) != w.length - 4) {
            return false;
        }
        Arrays.fill(page, (byte) 0);
        for (int i = 4; i < w.length; i++) {
            int equals = w[i].indexOf('=');
            long index = Digits.hex(w[i], 0, equals);
            if (Long.compareUnsigned(index, WORDS_PER_PAGE) >= 0) {
                return false;
            }
            put(page, (int) index * 8, 8, Digits.hex(w[i], equals + 1, w[i].length()));
        }
        long address = Digits.hex(w[2]);
        if (!isMultiple(address, PAGE_BYTES)) {
            return false;
        }
        context.writer.memoryWrite(MemoryOrigin.SNAPSHOT, region(w[1]), address, page, 0, PAGE_BYTES);
        if (context.facts.annotated()) {
            for (int i = 0; i < WORDS_PER_PAGE; i++) {
                known.remember(address + 8L * i, get(page, i * 8));
            }
        }
        return true;
    }

    private boolean store(String[] w) {
        if (w.length != 5) {
            return false;
        }
        long size = Digits.hex(w[3]);
        if (size < 1 || size > LARGEST_STORE || w[4].length() > size * 2) {
            return false;
        }
        int low = Math.max(0, w[4].length() - 16);
        put(word, 0, (int) Math.min(size, 8), Digits.hex(w[4], low, w[4].length()));
        if (size > 8) {
            put(word, 8, (int) size - 8, low == 0 ? 0 : Digits.hex(w[4], 0, low));
        }
        long address = Digits.hex(w[2]);
        context.writer.memoryWrite(MemoryOrigin.CPU_STORE, region(w[1]), address, word, 0, (int) size);
        known.forget(address, (int) size);
        return true;
    }

    private boolean missedStore(String[] w) {
        if (w.length != 5) {
            return false;
        }
        long address = Digits.hex(w[2]);
        Digits.hex(w[3]);
        put(word, 0, 8, Digits.hex(w[4]));
        context.writer.gap(GapReason.SOURCE_LOST, 1, 0, "the plug-in missed a store to " + w[2]);
        context.writer.flags(EventFlag.LATE).memoryWrite(MemoryOrigin.WITNESS, region(w[1]), address, word, 0, 8);
        known.forget(address, 8);
        return true;
    }

    private static boolean isMultiple(long address, int size) {
        return (address & size - 1) == 0;
    }

    /**
     * Writes the bytes of the commands that the access at hand will run: they stand beside the lines to come. The last
     * of them is the one before the tail.
     */
    void commandsAhead() {
        if (!context.facts.annotated()) {
            return;
        }
        boolean last = false;
        for (int i = 0; ; i++) {
            LogLine line = context.lines.peek(i);
            if (line == null || line.event == null) {
                return;
            }
            switch (line.event) {
                case COMMAND_EXEC -> {
                    command(line, context.lines.peek(i + 1));
                    last = line.values[0] + COMMAND_BYTES == line.values[1];
                }
                case COMPLETION_WAIT, PAGES_INVAL, DEVTAB_INVAL, INTR_INVAL, ALL_INVAL, IOTLB_INVAL -> {
                    readings(line);
                    if (last) {
                        return;
                    }
                }
                case CONTROL_STATUS, IOTLB_RESET, GENERATE_MSI -> {}
                default -> {
                    return;
                }
            }
        }
    }

    /** The bytes of one command, which the line after it may contradict. */
    private void command(LogLine line, @Nullable LogLine detail) {
        Annotation annotation = Annotation.of(line);
        if (annotation == null) {
            return;
        }
        boolean late = detail != null
                && annotation.readings().stream().anyMatch(reading -> !ReadingCheck.fitsCommand(reading, detail));
        if (late) {
            context.lateReadings++;
            context.writer.gap(GapReason.SOURCE_LOST, 1, 0, "a command was read after the guest had overwritten it");
        }
        write(annotation.readings(), late ? EventFlag.LATE : 0);
    }

    /**
     * Writes what was read of the tables beside a translation, as far as it is new and can be what the IOMMU used. An
     * annotation not understood says nothing.
     *
     * @param hit the IOMMU used its cache: the tables may already say something else
     */
    void walk(LogLine line, boolean hit) {
        Annotation annotation = Annotation.of(line);
        if (annotation == null || annotation.readings().isEmpty()) {
            return;
        }
        List<Annotation.Reading> readings = annotation.readings();
        long result = line.values[4];
        Annotation.Reading first = readings.get(0);
        boolean fits = first.region() != MemoryRegion.DEVICE_TABLE
                || ReadingCheck.leadsTo(new ReadOrKnown(readings, known), first.words()[0], line.values[3], result);
        if (fits) {
            write(readings, 0);
        } else if (!hit) {
            late(line, readings, result);
        }
    }

    /** Writes what was read beside any other line, as far as it is new. */
    void readings(LogLine line) {
        Annotation annotation = Annotation.of(line);
        if (annotation != null) {
            write(annotation.readings(), 0);
        }
    }

    /** Writes one reading, as far as it is new. */
    void read(Annotation.Reading reading) {
        write(List.of(reading), 0);
    }

    /** What was read just now, and below it what is known. */
    private record ReadOrKnown(List<Annotation.Reading> readings, KnownWords known) implements ReadingCheck.Entries {
        private @Nullable Long find(long address) {
            for (Annotation.Reading reading : readings) {
                if (reading.address() == address) {
                    return reading.words()[0];
                }
            }
            return known.value(address);
        }

        @Override
        public boolean isKnown(long address) {
            return find(address) != null;
        }

        @Override
        public long value(long address) {
            return java.util.Objects.requireNonNull(find(address));
        }
    }

    /** The guest changed a table between its use and the reading of it. */
    private void late(LogLine line, List<Annotation.Reading> readings, long result) {
        context.lateReadings++;
        Annotation.Reading last = readings.get(readings.size() - 1);
        if (last.region() != MemoryRegion.TABLE_LEVEL_1) {
            context.writer.gap(
                    GapReason.SOURCE_LOST,
                    1,
                    0,
                    "the tables behind a translation were read after the guest had changed them: address 0x"
                            + Long.toHexString(line.values[3]));
            return;
        }
        write(readings.subList(0, readings.size() - 1), 0);
        if (known.matches(last.address(), word -> ReadingCheck.isLeafOf(word, result))) {
            return;
        }
        long leaf = ReadingCheck.leafOf(result);
        known.remember(last.address(), leaf);
        put(word, 0, 8, leaf);
        context.writer
                .flags(EventFlag.LATE | EventFlag.INFERRED)
                .memoryWrite(MemoryOrigin.WITNESS, last.region(), last.address(), word, 0, 8);
    }

    private void write(List<Annotation.Reading> readings, int flags) {
        for (Annotation.Reading reading : readings) {
            for (int i = 0; i < reading.words().length; i++) {
                witness(reading.region(), reading.address() + 8L * i, reading.words()[i], flags);
            }
        }
    }

    private void witness(MemoryRegion region, long address, long value, int flags) {
        if (!known.holds(address, value)) {
            known.remember(address, value);
            put(word, 0, 8, value);
            context.writer.flags(flags).memoryWrite(MemoryOrigin.WITNESS, region, address, word, 0, 8);
        }
    }

    private static MemoryRegion region(String kind) {
        return switch (kind) {
            case "1" -> MemoryRegion.TABLE_LEVEL_1;
            case "2" -> MemoryRegion.TABLE_LEVEL_2;
            case "3" -> MemoryRegion.TABLE_LEVEL_3;
            case "4" -> MemoryRegion.TABLE_LEVEL_4;
            case "5" -> MemoryRegion.TABLE_LEVEL_5;
            case "6" -> MemoryRegion.TABLE_LEVEL_6;
            case "D" -> MemoryRegion.DEVICE_TABLE;
            case "C" -> MemoryRegion.COMMAND_RING;
            case "E" -> MemoryRegion.EVENT_LOG;
            case "Q" -> MemoryRegion.PPR_LOG;
            case "I" -> MemoryRegion.INTERRUPT_TABLE;
            default -> MemoryRegion.UNSPECIFIED;
        };
    }

    private static void put(byte[] to, int at, int size, long value) {
        for (int i = 0; i < size; i++) {
            to[at + i] = (byte) (value >>> 8 * i);
        }
    }

    private static long get(byte[] from, int at) {
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | from[at + i] & 0xff;
        }
        return value;
    }
}
