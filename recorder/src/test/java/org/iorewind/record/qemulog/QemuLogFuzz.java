package org.iorewind.record.qemulog;

import java.util.List;
import org.iorewind.record.FuzzedImport;
import org.iorewind.trace.Progress;

/** Fuzz target: the import of a QEMU log. */
public final class QemuLogFuzz {
    private QemuLogFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzedImport.run(
                input,
                (file, events) -> QemuLogImport.run(List.of(file), events, ImportOptions.defaults(), Progress.NONE));
    }
}
