package org.iorewind.record.qemu;

import java.nio.file.Path;
import org.iorewind.record.ring.QemuLibrary;

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

    /** Lines come over this ring. */
    public Path ring() {
        return folder.resolve("ring");
    }

    /** The library that runs inside QEMU. */
    public Path library() {
        return folder.resolve(QemuLibrary.FILE_NAME);
    }

    /** Where the guest's RAM is inside QEMU, for the library. */
    public Path places() {
        return folder.resolve("places");
    }

    /** The guest's RAM. */
    public Path ram() {
        return folder.resolve("ram");
    }
}
