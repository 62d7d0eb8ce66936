package org.iorewind.record.qemu;

import java.nio.file.Path;

/**
 * The names of what the recorder and QEMU share while they run.
 *
 * @param folder of this recording
 */
public record ScratchFiles(Path folder) {
    /** QEMU writes its log here, the recorder reads it: a named pipe. */
    public Path log() {
        return folder.resolve("log");
    }

    /** QEMU's monitor: a socket. */
    public Path monitor() {
        return folder.resolve("qmp");
    }

    /** The guest's RAM. */
    public Path ram() {
        return folder.resolve("ram");
    }
}
