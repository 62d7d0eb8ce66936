package org.iorewind.record.qemulog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iorewind.trace.sbe.MemoryRegion;
import org.jspecify.annotations.Nullable;

/**
 * Reads the line of an event, as the library inside QEMU hands it over, out of its bytes: the same as {@link LineParser} and
 * {@link Annotation} read out of its text, without making a text of it, which costs several times as much. What is in any way
 * unusual it leaves to them.
 *
 * <p>One thread.
 */
final class EventBytes {
    private static final byte[] OURS = ascii("amdvi_");
    private static final byte[] BAR = ascii(" | ");
    private static final byte[] COMMAND = ascii("cmd=");
    private static final byte[] TABLE_ENTRY = ascii("dte@");
    private static final byte[] INTERRUPT_ENTRY = ascii("irte@");
    private static final byte[] LOG_ENTRY = ascii("log@");
    private static final int TABLE_ENTRY_WORDS = 4;
    private static final int PAIR = 2;
    private static final int MOST_HEX_DIGITS = 16;
    private static final long OFFSET_IN_WORD = 7;
    private static final MemoryRegion[] LEVELS = {
        MemoryRegion.TABLE_LEVEL_1,
        MemoryRegion.TABLE_LEVEL_2,
        MemoryRegion.TABLE_LEVEL_3,
        MemoryRegion.TABLE_LEVEL_4,
        MemoryRegion.TABLE_LEVEL_5,
        MemoryRegion.TABLE_LEVEL_6
    };
    /** A power of two, several times as many as there are events. */
    private static final int SLOTS = 256;

    private static final @Nullable QemuEvent[] BY_HASH = new @Nullable QemuEvent[SLOTS];

    static {
        for (QemuEvent event : QemuEvent.values()) {
            byte[] name = event.labelBytes();
            int slot = hash(name, name.length);
            while (BY_HASH[slot] != null) {
                slot = slot + 1 & SLOTS - 1;
            }
            BY_HASH[slot] = event;
        }
    }

    private final long[] scratch = new long[PrintedFormat.MAX_VALUES];
    private byte[] line = {};
    private int end;
    private int at;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads one line.
     *
     * @param bytes start with it
     * @param length of the line
     * @param unixNs when it was printed, ns since 1970
     * @param thread that printed it, or {@link LogLine#UNKNOWN}
     * @return null if it is anything but the plain line of an event
     */
    @Nullable
    LogLine parse(byte[] bytes, int length, long unixNs, long thread) {
        line = bytes;
        end = length;
        if (!starts(0, OURS)) {
            return null;
        }
        int nameEnd = find(0, (byte) ' ');
        QemuEvent event = named(nameEnd);
        // a text in it may say more than its numbers
        if (event == null || event.format().endsInText()) {
            return null;
        }
        int start = Math.min(nameEnd + 1, length);
        int bar = bar(start);
        int argumentsEnd = bar < 0 ? length : bar;
        if (!event.format().read(bytes, start, argumentsEnd, scratch)) {
            return null;
        }
        boolean access = event == QemuEvent.MMIO_WRITE || event == QemuEvent.MMIO_READ;
        if (access && !MmioAssembler.isAccess(scratch[0], scratch[1])) {
            return null;
        }
        long[] values = Arrays.copyOf(scratch, event.format().numbers());
        Annotation read = Annotation.NOTHING;
        if (bar >= 0) {
            at = bar + BAR.length;
            List<Annotation.Reading> readings = readings(event, values);
            if (readings == null) {
                return null;
            }
            read = new Annotation(readings);
        }
        return LogLine.event(event, values, unixNs, thread, read);
    }

    private @Nullable QemuEvent named(int nameEnd) {
        for (int slot = hash(line, nameEnd); ; slot = slot + 1 & SLOTS - 1) {
            QemuEvent event = BY_HASH[slot];
            if (event == null) {
                return null;
            }
            byte[] name = event.labelBytes();
            if (name.length == nameEnd && starts(0, name)) {
                return event;
            }
        }
    }

    private static int hash(byte[] name, int length) {
        int hash = length;
        for (int i = OURS.length; i < length; i++) {
            hash = hash * 31 + name[i];
        }
        return (hash ^ hash >>> 8) & SLOTS - 1;
    }

    private boolean starts(int from, byte[] what) {
        return PrintedFormat.startsWith(line, from, end, what);
    }

    /** The first place of this byte, or the end. */
    private int find(int from, byte what) {
        int place = from;
        while (place < end && line[place] != what) {
            place++;
        }
        return place;
    }

    private int bar(int from) {
        for (int place = find(from, (byte) '|'); place < end; place = find(place + 1, (byte) '|')) {
            if (place > from && starts(place - 1, BAR)) {
                return place - 1;
            }
        }
        return -1;
    }

    /** What stands behind the bar; null if it is anything but what belongs to such a line. */
    private @Nullable List<Annotation.Reading> readings(QemuEvent event, long[] values) {
        List<Annotation.Reading> readings = new ArrayList<>(event == QemuEvent.TRANSLATION_RESULT ? 4 : 1);
        do {
            Annotation.Reading reading = reading(event, values);
            if (reading == null) {
                return null;
            }
            readings.add(reading);
            if (at == end) {
                return readings;
            }
        } while (event == QemuEvent.TRANSLATION_RESULT && line[at++] == ' ');
        return null;
    }

    private Annotation.@Nullable Reading reading(QemuEvent event, long[] values) {
        return switch (event) {
            case COMMAND_EXEC -> passes(COMMAND) ? words(MemoryRegion.COMMAND_RING, values[2] + values[0], PAIR) : null;
            case TRANSLATION_RESULT -> starts(at, TABLE_ENTRY) ? deviceEntry() : tableEntry();
            case DEVTAB_INVAL, IR_REMAP_MSI_REQ -> deviceEntry();
            case IR_IRTE -> passes(INTERRUPT_ENTRY) ? addressed(MemoryRegion.INTERRUPT_TABLE, PAIR) : null;
            case PAGE_FAULT -> passes(LOG_ENTRY) ? addressed(MemoryRegion.EVENT_LOG, PAIR) : null;
            default -> null;
        };
    }

    private Annotation.@Nullable Reading deviceEntry() {
        return passes(TABLE_ENTRY) ? addressed(MemoryRegion.DEVICE_TABLE, TABLE_ENTRY_WORDS) : null;
    }

    /** {@code L1@ADDRESS=…} to {@code L6@ADDRESS=…}. */
    private Annotation.@Nullable Reading tableEntry() {
        boolean entry = end - at > 3 && line[at] == 'L' && line[at + 2] == '@';
        int level = entry ? line[at + 1] - '1' : -1;
        if (level < 0 || level >= LEVELS.length) {
            return null;
        }
        at += 3;
        return addressed(LEVELS[level], 1);
    }

    private boolean passes(byte[] what) {
        boolean there = starts(at, what);
        at += there ? what.length : 0;
        return there;
    }

    /** {@code ADDRESS=Q,Q}. */
    private Annotation.@Nullable Reading addressed(MemoryRegion region, int count) {
        int from = at;
        long address = hex();
        if (at == from || at == end || line[at++] != '=') {
            return null;
        }
        return words(region, address, count);
    }

    private Annotation.@Nullable Reading words(MemoryRegion region, long address, int count) {
        if ((address & OFFSET_IN_WORD) != 0) {
            return null;
        }
        long[] words = new long[count];
        for (int i = 0; i < count; i++) {
            if (i > 0 && (at == end || line[at++] != ',')) {
                return null;
            }
            int from = at;
            words[i] = hex();
            if (at == from) {
                return null;
            }
        }
        return new Annotation.Reading(region, address, words);
    }

    /** Up to 16 digits; none leaves the place as it is, and so do more, which end the reading. */
    private long hex() {
        long value = 0;
        int from = at;
        while (at < end) {
            int digit = PrintedFormat.digit(line[at]);
            if (digit < 0) {
                break;
            }
            value = value << 4 | digit;
            at++;
        }
        if (at - from > MOST_HEX_DIGITS) {
            at = from;
        }
        return value;
    }
}
