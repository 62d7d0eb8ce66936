package org.iorewind.record.simpletrace;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes QEMU's binary trace, from the description of the format and without a look at the reader: QEMU's 'simple' backend is
 * in no distribution's package.
 */
final class SimpleTraceEncoder {
    private static final int PID = 4711;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteOrder order;
    private final Map<String, Long> ids = new LinkedHashMap<>();

    SimpleTraceEncoder() {
        this(ByteOrder.LITTLE_ENDIAN, 4);
    }

    SimpleTraceEncoder(ByteOrder order, long version) {
        this.order = order;
        u64(-1L);
        u64(0xf2b177cb0aa429b4L);
        u64(version);
    }

    /** An event; its arguments are numbers and texts as QEMU has them. The first of a name brings its mapping. */
    SimpleTraceEncoder event(long timeNs, String name, Object... arguments) {
        Long id = ids.get(name);
        if (id == null) {
            id = (long) ids.size() * 3 + 7;
            ids.put(name, id);
            mapping(id, name);
        }
        return event(timeNs, id, arguments);
    }

    SimpleTraceEncoder mapping(long id, String name) {
        byte[] bytes = name.getBytes(UTF_8);
        u64(0);
        u64(id);
        u32(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    SimpleTraceEncoder event(long timeNs, long id, Object... arguments) {
        int length = 8 + 8 + 4 + 4;
        for (Object argument : arguments) {
            length += argument instanceof String text ? 4 + text.getBytes(UTF_8).length : 8;
        }
        u64(1);
        u64(id);
        u64(timeNs);
        u32(length);
        u32(PID);
        for (Object argument : arguments) {
            if (argument instanceof String text) {
                byte[] bytes = text.getBytes(UTF_8);
                u32(bytes.length);
                out.writeBytes(bytes);
            } else {
                u64(((Number) argument).longValue());
            }
        }
        return this;
    }

    SimpleTraceEncoder dropped(long timeNs, long count) {
        return event(timeNs, 0xfffffffffffffffeL, count);
    }

    SimpleTraceEncoder raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    SimpleTraceEncoder u64(long value) {
        out.writeBytes(ByteBuffer.allocate(8).order(order).putLong(value).array());
        return this;
    }

    SimpleTraceEncoder u32(int value) {
        out.writeBytes(ByteBuffer.allocate(4).order(order).putInt(value).array());
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
