package org.iorewind.record.qemulog;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.record.text.Digits;
import org.iorewind.trace.sbe.MemoryRegion;
import org.jspecify.annotations.Nullable;

/**
 * What a recorder read from memory beside a line and appended to it. Understood as a whole or not at all: half of a
 * damaged reading is worth nothing.
 *
 * <pre>
 *   command_exec …        | cmd=QWORD,QWORD
 *   translation_result …  | dte@ADDRESS=QWORD,QWORD,QWORD,QWORD L3@ADDRESS=QWORD L2@… L1@…
 *   devtab_inval …        | dte@ADDRESS=QWORD,QWORD,QWORD,QWORD
 *   ir_remap_msi_req …    | dte@ADDRESS=QWORD,QWORD,QWORD,QWORD
 *   ir_irte …             | irte@ADDRESS=QWORD,QWORD
 *   page_fault …          | log@ADDRESS=QWORD,QWORD      an entry that appeared in the event log
 *   any event             | MISMATCH       the bytes do not fit the line: read late
 *                         | STALE pa=…     the tables do not lead to the line's result: read late
 * </pre>
 *
 * <p>A recorder may leave out what it told before.
 *
 * @param readings in the order of the text
 */
record Annotation(List<Reading> readings) {
    /** Nothing was read. */
    static final Annotation NOTHING = new Annotation(List.of());

    private static final String COMMAND = "cmd=";
    private static final int PAIR = 2;
    private static final String TABLE_ENTRY = "dte@";
    private static final int TABLE_ENTRY_WORDS = 4;
    private static final String INTERRUPT_ENTRY = "irte@";
    private static final String LOG_ENTRY = "log@";
    private static final String MISMATCH = "MISMATCH";
    private static final String STALE = "STALE pa=";
    private static final long OFFSET_IN_WORD = 7;

    /**
     * Quadwords in a row.
     *
     * @param region what they are used for
     * @param address of the first, a multiple of 8
     * @param words at least one
     */
    record Reading(MemoryRegion region, long address, long[] words) {}

    /** Reads the annotation of an event's line, which may be empty; null if it cannot be understood. */
    static @Nullable Annotation of(LogLine line) {
        if (line.witnessed != null) {
            return line.witnessed;
        }
        if (line.annotation.isEmpty()) {
            return NOTHING;
        }
        try {
            List<Reading> readings = new ArrayList<>();
            for (String part : line.annotation.split(" \\| ", -1)) {
                part(line, part, readings);
            }
            return new Annotation(readings);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static void part(LogLine line, String part, List<Reading> readings) {
        if (line.is(QemuEvent.COMMAND_EXEC) && part.startsWith(COMMAND)) {
            long address = line.values[2] + line.values[0];
            readings.add(reading(MemoryRegion.COMMAND_RING, address, part, COMMAND.length(), PAIR));
        } else if (line.is(QemuEvent.TRANSLATION_RESULT) && isTableEntry(part)) {
            entries(part, readings);
        } else if ((line.is(QemuEvent.DEVTAB_INVAL) || line.is(QemuEvent.IR_REMAP_MSI_REQ))
                && part.startsWith(TABLE_ENTRY)) {
            readings.add(entry(part));
        } else if (line.is(QemuEvent.IR_IRTE) && part.startsWith(INTERRUPT_ENTRY)) {
            readings.add(addressed(MemoryRegion.INTERRUPT_TABLE, part, PAIR));
        } else if ((line.is(QemuEvent.PAGE_FAULT) || line.is(QemuEvent.GENERATE_MSI)) && part.startsWith(LOG_ENTRY)) {
            readings.add(addressed(MemoryRegion.EVENT_LOG, part, PAIR));
        } else if (part.startsWith(STALE)) {
            Digits.hex(part, STALE.length(), part.length());
        } else if (!part.equals(MISMATCH)) {
            throw new NumberFormatException("not an annotation");
        }
    }

    private static boolean isTableEntry(String part) {
        return part.startsWith(TABLE_ENTRY) || part.length() > 2 && part.charAt(0) == 'L' && part.charAt(2) == '@';
    }

    private static void entries(String part, List<Reading> readings) {
        for (String entry : part.split(" ", -1)) {
            readings.add(entry(entry));
        }
    }

    /** {@code NAME@ADDRESS=…}. */
    private static Reading addressed(MemoryRegion region, String text, int count) {
        int at = text.indexOf('@');
        int equals = text.indexOf('=');
        if (at < 0 || equals < at) {
            throw new NumberFormatException("no address");
        }
        return reading(region, Digits.hex(text, at + 1, equals), text, equals + 1, count);
    }

    /** {@code dte@ADDRESS=…} or {@code L1@ADDRESS=…} to {@code L6@ADDRESS=…}. */
    private static Reading entry(String entry) {
        if (entry.startsWith(TABLE_ENTRY)) {
            return addressed(MemoryRegion.DEVICE_TABLE, entry, TABLE_ENTRY_WORDS);
        }
        int at = entry.indexOf('@');
        if (at < 0) {
            throw new NumberFormatException("no address");
        }
        MemoryRegion level = switch (entry.substring(0, at)) {
            case "L1" -> MemoryRegion.TABLE_LEVEL_1;
            case "L2" -> MemoryRegion.TABLE_LEVEL_2;
            case "L3" -> MemoryRegion.TABLE_LEVEL_3;
            case "L4" -> MemoryRegion.TABLE_LEVEL_4;
            case "L5" -> MemoryRegion.TABLE_LEVEL_5;
            case "L6" -> MemoryRegion.TABLE_LEVEL_6;
            default -> throw new NumberFormatException("not a level");
        };
        return addressed(level, entry, 1);
    }

    private static Reading reading(MemoryRegion region, long address, String text, int from, int count) {
        String[] parts = text.substring(from).split(",", -1);
        if (parts.length != count || (address & OFFSET_IN_WORD) != 0) {
            throw new NumberFormatException("not " + count + " aligned quadwords");
        }
        long[] words = new long[count];
        for (int i = 0; i < count; i++) {
            words[i] = Digits.hex(parts[i]);
        }
        return new Reading(region, address, words);
    }
}
