package org.iorewind.record.mmiotrace;

import java.util.List;
import org.iorewind.record.FuzzedImport;
import org.iorewind.record.MmioWindow;
import org.iorewind.trace.Progress;

/** Fuzz target: the import of mmiotrace's text. */
public final class MmiotraceFuzz {
    private MmiotraceFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzedImport.run(
                input, (file, events) -> MmiotraceImport.run(List.of(file), events, MmioWindow.QEMU, Progress.NONE));
    }
}
