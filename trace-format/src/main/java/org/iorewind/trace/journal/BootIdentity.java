package org.iorewind.trace.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Which run of the kernel this is. What a process has written is lost by nothing but the end of that run: a reader in the
 * same run knows that everything acknowledged is there.
 *
 * @param high half
 * @param low half; both 0 if the system does not say
 */
record BootIdentity(long high, long low) {
    static final BootIdentity UNKNOWN = new BootIdentity(0, 0);
    private static final Path SOURCE = Path.of("/proc/sys/kernel/random/boot_id");

    static BootIdentity current() {
        try {
            UUID id = UUID.fromString(Files.readString(SOURCE, US_ASCII).strip());
            return new BootIdentity(id.getMostSignificantBits(), id.getLeastSignificantBits());
        } catch (IOException | IllegalArgumentException e) {
            return UNKNOWN;
        }
    }

    /** Whether both are known to be the same run. */
    boolean isSameRun(BootIdentity other) {
        return !equals(UNKNOWN) && equals(other);
    }
}
