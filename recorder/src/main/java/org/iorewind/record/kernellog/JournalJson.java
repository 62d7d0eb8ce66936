package org.iorewind.record.kernellog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.iorewind.record.kernellog.KernelLine.Clock;
import org.jspecify.annotations.Nullable;

/** One line of {@code journalctl -o json}: an object with the message and its times. Not thread-safe. */
final class JournalJson {
    private static final long MICROSECOND = 1_000;
    private static final int MOST_DIGITS = 16;
    private static final int LONGEST_MESSAGE = 1 << 16;

    private final JsonFactory factory = new JsonFactory();

    /** The line, or null if it is no such object. */
    @Nullable
    KernelLine parse(String line) {
        if (line.isEmpty() || line.charAt(0) != '{' || !line.contains("\"MESSAGE\"")) {
            return null;
        }
        long wall = -1;
        long boot = -1;
        String message = null;
        try (JsonParser json = factory.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            for (JsonToken token = json.nextToken(); token == JsonToken.FIELD_NAME; token = json.nextToken()) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "MESSAGE" -> message = value == JsonToken.START_ARRAY ? bytes(json) : json.getText();
                    case "__REALTIME_TIMESTAMP" -> wall = micros(json.getText());
                    case "_SOURCE_MONOTONIC_TIMESTAMP" -> boot = micros(json.getText());
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            // not JSON after all: the line stands for itself
            return null;
        }
        if (message == null) {
            return null;
        }
        if (boot >= 0) {
            return new KernelLine(Clock.BOOT, boot * MICROSECOND, message);
        }
        return wall >= 0
                ? new KernelLine(Clock.WALL, wall * MICROSECOND, message)
                : new KernelLine(Clock.NONE, 0, message);
    }

    /** A message that is no UTF-8 comes as an array of its bytes. */
    private static String bytes(JsonParser json) throws IOException {
        byte[] bytes = new byte[LONGEST_MESSAGE];
        int length = 0;
        for (JsonToken token = json.nextToken(); token == JsonToken.VALUE_NUMBER_INT; token = json.nextToken()) {
            if (length < bytes.length) {
                bytes[length++] = (byte) json.getIntValue();
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static long micros(String text) {
        if (text.isEmpty() || text.length() > MOST_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(text);
    }
}
