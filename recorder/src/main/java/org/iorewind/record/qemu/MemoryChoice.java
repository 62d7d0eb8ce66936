package org.iorewind.record.qemu;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.iorewind.record.qemu.GuestRam.Place;
import org.jspecify.annotations.Nullable;

/** Decides where the guest's RAM is read: in a file if possible, else in QEMU's process. */
final class MemoryChoice {
    /** Id of the memory backend that is added. */
    static final String BACKEND = "iorewind-ram";

    private static final long DEFAULT_BYTES = 128L << 20;

    private MemoryChoice() {}

    /**
     * Looks at the command line.
     *
     * @param ownFile the file to make if one has to be made
     */
    static GuestRam of(QemuCommand command, Path ownFile) {
        String backend = command.machineProperty("memory-backend");
        if (backend != null) {
            Path file = sharedFile(command, backend);
            return file == null ? new GuestRam(Place.PROCESS, null, 0) : new GuestRam(Place.USERS_FILE, file, 0);
        }
        boolean ownRam = command.has("mem-path", "mem-prealloc")
                || command.values("numa").stream().anyMatch(value -> value.startsWith("node"));
        long size = size(command.values("m"));
        if (ownRam || size < 0) {
            return new GuestRam(Place.PROCESS, null, 0);
        }
        return new GuestRam(Place.OWN_FILE, ownFile, size);
    }

    /** The file of the backend, if it is one that others see the guest's stores in. */
    private static @Nullable Path sharedFile(QemuCommand command, String id) {
        for (String value : command.values("object")) {
            Properties object = Properties.of(value);
            String path = object.get("mem-path");
            if (object.first().equals("memory-backend-file")
                    && id.equals(object.get("id"))
                    && object.isOn("share")
                    && path != null
                    && !Files.isDirectory(Path.of(path))) {
                return Path.of(path);
            }
        }
        return null;
    }

    /** Bytes of RAM, or -1 if the options cannot be understood. */
    private static long size(List<String> options) {
        long size = DEFAULT_BYTES;
        for (String option : options) {
            for (String part : Properties.of(option).parts()) {
                if (part.startsWith("size=")) {
                    size = ByteSize.ofMemoryOption(part.substring("size=".length()));
                } else if (!part.contains("=")) {
                    size = ByteSize.ofMemoryOption(part);
                }
            }
        }
        return size;
    }
}
