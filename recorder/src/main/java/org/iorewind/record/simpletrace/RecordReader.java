package org.iorewind.record.simpletrace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.iorewind.record.simpletrace.SimpleTraceDescriptor.DROPPED_ID;
import static org.iorewind.record.simpletrace.SimpleTraceDescriptor.EVENT;
import static org.iorewind.record.simpletrace.SimpleTraceDescriptor.EVENT_HEADER_BYTES;
import static org.iorewind.record.simpletrace.SimpleTraceDescriptor.HEADER_EVENT;
import static org.iorewind.record.simpletrace.SimpleTraceDescriptor.MAGIC;
import static org.iorewind.record.simpletrace.SimpleTraceDescriptor.MAPPING;
import static org.iorewind.record.simpletrace.SimpleTraceDescriptor.MOST_EVENTS;
import static org.iorewind.record.simpletrace.SimpleTraceDescriptor.MOST_NAME_BYTES;
import static org.iorewind.record.simpletrace.SimpleTraceDescriptor.MOST_RECORD_BYTES;
import static org.iorewind.record.simpletrace.SimpleTraceDescriptor.NEWEST_OLD_VERSION;
import static org.iorewind.record.simpletrace.SimpleTraceDescriptor.VERSION;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.record.UnsupportedSourceException;
import org.iorewind.record.qemulog.QemuRecord;
import org.iorewind.record.qemulog.QemuRecordSource;
import org.iorewind.trace.TraceFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The records of one file. A record that cannot be understood is told as such; where the file's structure breaks, what
 * follows is given up, and that is told too.
 */
final class RecordReader implements QemuRecordSource {
    private final EventDeclarations declarations;
    private final TraceBytes in;
    private final Map<Long, String> names = new HashMap<>();
    private final byte[] bytes = new byte[MOST_RECORD_BYTES];
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private long recordStart;
    private boolean ended;

    RecordReader(Path file, EventDeclarations declarations) {
        this.declarations = declarations;
        this.in = TraceBytes.open(file);
        try {
            header();
        } catch (RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private void header() {
        in.order(order);
        Long first = in.u64();
        Long magic = in.u64();
        if (first == null || magic == null || first != HEADER_EVENT) {
            throw noTrace(in.position() == 0 ? "an empty file" : "another beginning");
        }
        if (magic != MAGIC) {
            if (Long.reverseBytes(magic) != MAGIC) {
                throw noTrace("the magic number 0x" + Long.toHexString(magic));
            }
            order = ByteOrder.BIG_ENDIAN;
            in.order(order);
        }
        Long version = in.u64();
        if (version == null) {
            throw noTrace("the end of the file in its header");
        }
        if (version != VERSION) {
            boolean older = version >= 0 && version <= NEWEST_OLD_VERSION;
            throw new UnsupportedSourceException(
                    in.name(),
                    "version 4 of the simpletrace format",
                    "version " + Long.toUnsignedString(version)
                            + (older ? ", which older QEMUs wrote, without the names of events in it" : ""),
                    older
                            ? "print it with that QEMU's own scripts/simpletrace.py and its trace-events file"
                            : "look for a newer iorewind, or check that the file is whole");
        }
    }

    private TraceFormatException noTrace(String found) {
        return new TraceFormatException(
                in.name(),
                "byte 0",
                "a simpletrace file: eight bytes 0xff and the magic number 0xf2b177cb0aa429b4",
                found,
                "this is what a QEMU built with --enable-trace-backends=simple writes; the text of -D FILE goes to"
                        + " import qemu-log");
    }

    @Override
    public @Nullable QemuRecord next() {
        while (!ended) {
            recordStart = in.position();
            Long type = in.u64();
            if (type == null) {
                ended = true;
                return in.position() == recordStart ? null : cut();
            }
            QemuRecord record = null;
            if (type == MAPPING) {
                record = mapping();
                if (record == null) {
                    continue;
                }
            } else if (type == EVENT) {
                record = event();
            } else {
                record = damaged("expected a record of type 0 or 1, found type 0x" + Long.toHexString(type));
            }
            return record;
        }
        return null;
    }

    /** Takes a name; null if all is well. */
    private @Nullable QemuRecord mapping() {
        if (!in.fill(bytes, Long.BYTES + Integer.BYTES)) {
            return cut();
        }
        ByteBuffer head = buffer();
        long id = head.getLong();
        int length = head.getInt();
        if (length <= 0 || length > MOST_NAME_BYTES) {
            return damaged("expected a name of 1 to " + MOST_NAME_BYTES + " bytes, found length "
                    + Integer.toUnsignedString(length));
        }
        if (!in.fill(bytes, length)) {
            return cut();
        }
        if (names.size() >= MOST_EVENTS) {
            return damaged("expected at most " + MOST_EVENTS + " names of events, found more");
        }
        names.put(id, new String(bytes, 0, length, UTF_8));
        return null;
    }

    private QemuRecord event() {
        if (!in.fill(bytes, EVENT_HEADER_BYTES)) {
            return cut();
        }
        ByteBuffer head = buffer();
        long id = head.getLong();
        long timeNs = head.getLong();
        int length = head.getInt();
        if (length < EVENT_HEADER_BYTES || length > MOST_RECORD_BYTES) {
            return damaged("expected a record of " + EVENT_HEADER_BYTES + " to " + MOST_RECORD_BYTES
                    + " bytes, found length " + Integer.toUnsignedString(length));
        }
        int argumentBytes = length - EVENT_HEADER_BYTES;
        if (!in.fill(bytes, argumentBytes)) {
            return cut();
        }
        ByteBuffer arguments = buffer().limit(argumentBytes);
        if (timeNs < 0) {
            return damaged("expected a time of the monotonic clock, found 0x" + Long.toHexString(timeNs));
        }
        if (id == DROPPED_ID) {
            return argumentBytes == Long.BYTES
                    ? QemuRecord.lost(timeNs, arguments.getLong())
                    : QemuRecord.unparsed(
                            timeNs,
                            "expected a count of dropped records in 8 bytes, found " + argumentBytes + " bytes");
        }
        return event(id, timeNs, arguments);
    }

    private QemuRecord event(long id, long timeNs, ByteBuffer arguments) {
        String name = names.get(id);
        if (name == null) {
            return QemuRecord.unparsed(timeNs, "expected an event whose name stands before it, found id " + id);
        }
        List<ArgumentType> types = declarations.of(name);
        if (types == null) {
            return QemuRecord.unparsed(
                    timeNs,
                    "expected a declaration of " + name + " in " + declarations.file()
                            + ", found none: is the file of the same QEMU?");
        }
        StringBuilder text = new StringBuilder().append(timeNs).append(' ').append(name);
        long[] numbers = new long[types.size()];
        int count = 0;
        for (ArgumentType type : types) {
            if (type == ArgumentType.TEXT) {
                int length = arguments.remaining() < Integer.BYTES ? -1 : arguments.getInt();
                if (length < 0 || length > arguments.remaining()) {
                    return mismatch(name, timeNs);
                }
                text.append(' ').append(new String(bytes, arguments.position(), length, UTF_8));
                arguments.position(arguments.position() + length);
            } else {
                if (arguments.remaining() < Long.BYTES) {
                    return mismatch(name, timeNs);
                }
                numbers[count] = type.cut(arguments.getLong());
                text.append(" 0x").append(Long.toHexString(numbers[count]));
                count++;
            }
        }
        if (arguments.hasRemaining()) {
            return mismatch(name, timeNs);
        }
        return QemuRecord.event(name, timeNs, Arrays.copyOf(numbers, count), text.toString());
    }

    private QemuRecord mismatch(String name, long timeNs) {
        return QemuRecord.unparsed(
                timeNs,
                "expected the arguments of " + name + " as declared in " + declarations.file()
                        + ", found others: is the file of the same QEMU?");
    }

    /** The end of the file is within a record, as when QEMU was killed. */
    private QemuRecord cut() {
        ended = true;
        return QemuRecord.damaged("expected the rest of a record, found the end of the file");
    }

    private QemuRecord damaged(String text) {
        ended = true;
        return QemuRecord.damaged(text + "; what follows cannot be read");
    }

    private ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).order(order);
    }

    @Override
    public long position() {
        return recordStart;
    }

    @Override
    public String place(long position) {
        return in.name() + ", byte " + position;
    }

    @Override
    public void close() {
        in.close();
    }
}
