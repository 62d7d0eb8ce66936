package org.iorewind.record.qemu;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the guest's RAM can be read.
 *
 * @param place kind of place
 * @param file the file, for the two kinds that have one
 * @param sizeBytes of the RAM; 0 if it need not be known
 */
public record GuestRam(Place place, @Nullable Path file, long sizeBytes) {
    /** Kinds of places. */
    public enum Place {
        /** A file that the recorder makes. */
        OWN_FILE,
        /** A file that the command line names already. */
        USERS_FILE,
        /** Inside QEMU's process. */
        PROCESS,
        /** Not read at all. */
        NONE
    }

    /** Memory is read inside QEMU. */
    static final GuestRam IN_PROCESS = new GuestRam(Place.PROCESS, null, 0);

    /** Memory is not read. */
    static final GuestRam NOT_READ = new GuestRam(Place.NONE, null, 0);
}
