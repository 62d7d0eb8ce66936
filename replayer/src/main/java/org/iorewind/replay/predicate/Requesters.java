package org.iorewind.replay.predicate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** DeviceIDs as people write them. */
public final class Requesters {
    private static final Pattern BDF = Pattern.compile("(?:0000:)?([0-9a-fA-F]{1,2}):([0-9a-fA-F]{1,2})\\.([0-7])");
    private static final int MOST_DEVICES = 32;

    private Requesters() {}

    /**
     * The DeviceID of {@code bus:device.function}, such as {@code 00:03.0}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static int parse(String text) {
        Matcher parts = BDF.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(2), 16) >= MOST_DEVICES) {
            throw new IllegalArgumentException("expected a device such as '00:03.0', found '" + text + "'");
        }
        return Integer.parseInt(parts.group(1), 16) << 8
                | Integer.parseInt(parts.group(2), 16) << 3
                | Integer.parseInt(parts.group(3));
    }
}
