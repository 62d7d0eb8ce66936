package org.iorewind.record.qemulog;

import java.util.Arrays;
import org.agrona.collections.Long2ObjectHashMap;
import org.iorewind.trace.EventFlag;
import org.iorewind.trace.sbe.GapReason;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;

/**
 * Memory: the plug-in's {@code mem} lines, and what a recorder read beside a line ({@code … | cmd=…},
 * {@code … | dte@…=… L3@…=…}).
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
    /** What the trace says memory holds, per quadword; only kept when readings must be compared. */
    private final Long2ObjectHashMap<long[]> known = new Long2ObjectHashMap<>();

    private final Long2ObjectHashMap<boolean[]> valid = new Long2ObjectHashMap<>();

    MemoryAssembler(ImportContext context) {
        this.context = context;
    }

    /** Takes a {@code mem} line; false if it cannot be understood. */
    boolean line(LogLine line, MmioAssembler mmio) {
        String[] w = line.payload().split(" ");
        try {
            return switch (w[0]) {
                case "P" -> page(w);
                case "S" -> store(w);
                case "I" ->
                    w.length == 5
                            && mmio.pluginLine(
                                    line,
                                    w[1],
                                    Long.parseLong(w[2], 16),
                                    Integer.parseInt(w[3], 16),
                                    Long.parseUnsignedLong(w[4], 16));
                case "X" -> missedStore(w);
                case "U", "END" -> {
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
        if (w.length < 4 || Integer.parseInt(w[3]) != w.length - 4) {
            return false;
        }
        Arrays.fill(page, (byte) 0);
        for (int i = 4; i < w.length; i++) {
            int equals = w[i].indexOf('=');
            if (equals < 0) {
                return false;
            }
            int index = Integer.parseInt(w[i], 0, equals, 16);
            if (index >= WORDS_PER_PAGE) {
                return false;
            }
            put(page, index * 8, 8, Long.parseUnsignedLong(w[i], equals + 1, w[i].length(), 16));
        }
        long address = Long.parseUnsignedLong(w[2], 16) & -PAGE_BYTES;
        context.writer.memoryWrite(MemoryOrigin.SNAPSHOT, region(w[1]), address, page, 0, PAGE_BYTES);
        for (int i = 0; i < WORDS_PER_PAGE; i++) {
            remember(address + 8L * i, get(page, i * 8));
        }
        return true;
    }

    private boolean store(String[] w) {
        if (w.length != 5) {
            return false;
        }
        int size = Integer.parseInt(w[3], 16);
        if (size < 1 || size > LARGEST_STORE || w[4].length() > size * 2) {
            return false;
        }
        int low = Math.max(0, w[4].length() - 16);
        put(word, 0, Math.min(size, 8), Long.parseUnsignedLong(w[4], low, w[4].length(), 16));
        if (size > 8) {
            put(word, 8, size - 8, low == 0 ? 0 : Long.parseUnsignedLong(w[4], 0, low, 16));
        }
        long address = Long.parseUnsignedLong(w[2], 16);
        context.writer.memoryWrite(MemoryOrigin.CPU_STORE, region(w[1]), address, word, 0, size);
        return true;
    }

    private boolean missedStore(String[] w) {
        if (w.length != 5) {
            return false;
        }
        context.writer.gap(GapReason.SOURCE_LOST, 1, 0, "the plug-in missed a store to " + w[2]);
        put(word, 0, 8, Long.parseUnsignedLong(w[4], 16));
        context.writer
                .flags(EventFlag.LATE)
                .memoryWrite(MemoryOrigin.WITNESS, region(w[1]), Long.parseUnsignedLong(w[2], 16), word, 0, 8);
        return true;
    }

    /** Writes the bytes of the commands that the access at hand will run: they stand beside the lines to come. */
    void commandsAhead() {
        if (!context.facts.annotated()) {
            return;
        }
        for (int i = 0; ; i++) {
            LogLine line = context.lines.peek(i);
            if (line == null || line.event == null) {
                return;
            }
            switch (line.event) {
                case COMMAND_EXEC -> command(line);
                case CONTROL_STATUS,
                        IOTLB_RESET,
                        COMPLETION_WAIT,
                        PAGES_INVAL,
                        DEVTAB_INVAL,
                        INTR_INVAL,
                        ALL_INVAL,
                        IOTLB_INVAL,
                        GENERATE_MSI -> {}
                default -> {
                    return;
                }
            }
        }
    }

    private void command(LogLine line) {
        if (!line.annotation.startsWith("cmd=")) {
            return;
        }
        long address = line.values[2] + line.values[0];
        String[] words = line.annotation.substring(4).split("[, ]");
        for (int i = 0; i < COMMAND_BYTES / 8 && i < words.length; i++) {
            witness(MemoryRegion.COMMAND_RING, address + 8L * i, words[i]);
        }
    }

    /** Writes what a recorder read while the translation at hand was made. */
    void annotation(LogLine line) {
        for (String part : line.annotation.split(" ")) {
            int at = part.indexOf('@');
            int equals = part.indexOf('=');
            if (at <= 0 || equals < at) {
                continue;
            }
            String what = part.substring(0, at);
            MemoryRegion region = what.equals("dte") ? MemoryRegion.DEVICE_TABLE : region(what.substring(1));
            long address = Long.parseUnsignedLong(part, at + 1, equals, 16);
            String[] words = part.substring(equals + 1).split(",");
            for (int i = 0; i < words.length; i++) {
                witness(region, address + 8L * i, words[i]);
            }
        }
    }

    private void witness(MemoryRegion region, long address, String hex) {
        long value = Long.parseUnsignedLong(hex, 16);
        if (!isKnown(address, value)) {
            remember(address, value);
            put(word, 0, 8, value);
            context.writer.memoryWrite(MemoryOrigin.WITNESS, region, address, word, 0, 8);
        }
    }

    private boolean isKnown(long address, long value) {
        boolean[] isValid = valid.get(address / PAGE_BYTES);
        int index = (int) (address % PAGE_BYTES) / 8;
        return isValid != null && isValid[index] && known.get(address / PAGE_BYTES)[index] == value;
    }

    private void remember(long address, long value) {
        if (context.facts.annotated()) {
            long frame = address / PAGE_BYTES;
            int index = (int) (address % PAGE_BYTES) / 8;
            known.computeIfAbsent(frame, key -> new long[WORDS_PER_PAGE])[index] = value;
            valid.computeIfAbsent(frame, key -> new boolean[WORDS_PER_PAGE])[index] = true;
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
