package org.iorewind.record.qemu;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that QEMU reports by itself.
 *
 * @param name such as {@code SHUTDOWN}
 * @param unixNs when, ns since 1970
 * @param data what else it says; empty if nothing
 */
public record QmpEvent(String name, long unixNs, Map<?, ?> data) {
    static QmpEvent of(Map<String, @Nullable Object> message) {
        long unixNs = 0;
        if (message.get("timestamp") instanceof Map<?, ?> stamp
                && stamp.get("seconds") instanceof Long seconds
                && stamp.get("microseconds") instanceof Long micros) {
            unixNs = seconds * 1_000_000_000L + micros * 1_000L;
        }
        Map<?, ?> data = message.get("data") instanceof Map<?, ?> map ? map : Map.of();
        return new QmpEvent(String.valueOf(message.get("event")), unixNs, data);
    }

    /** In one line. */
    public String text() {
        return data.isEmpty() ? name : name + " " + data;
    }
}
