package org.iorewind.record.ftrace;

import java.util.List;
import org.iorewind.record.FuzzedImport;
import org.iorewind.record.MmioWindow;
import org.iorewind.trace.Progress;

/** Fuzz target: the import of ftrace's text. */
public final class FtraceFuzz {
    private FtraceFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzedImport.run(
                input, (file, events) -> FtraceImport.run(List.of(file), events, MmioWindow.QEMU, Progress.NONE));
    }
}
