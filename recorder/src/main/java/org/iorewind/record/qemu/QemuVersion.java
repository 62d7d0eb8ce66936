package org.iorewind.record.qemu;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version of QEMU.
 *
 * @param major first number
 * @param minor second number
 * @param text as QEMU says it, such as {@code 10.0.2 (Debian 1:10.0.2+ds-2)}
 */
public record QemuVersion(int major, int minor, String text) {
    private static final Pattern WORDS = Pattern.compile("QEMU emulator version ((\\d{1,4})\\.(\\d{1,4})[^\\r\\n]*)");

    /** Reads the answer to {@code --version}; null if it is none of QEMU's. */
    static @Nullable QemuVersion of(String answer) {
        Matcher matcher = WORDS.matcher(answer);
        return matcher.find()
                ? new QemuVersion(
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)),
                        matcher.group(1).strip())
                : null;
    }

    /** Whether it is this version or a later one. */
    public boolean isFrom(int thatMajor, int thatMinor) {
        return major > thatMajor || major == thatMajor && minor >= thatMinor;
    }

    /** Label of the profile that predicts it best. */
    public String profile() {
        if (isFrom(10, 2)) {
            return "qemu-11.1";
        }
        return isFrom(10, 0) ? "qemu-10.0" : "qemu-7.2";
    }
}
