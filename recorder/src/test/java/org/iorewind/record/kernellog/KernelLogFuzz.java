package org.iorewind.record.kernellog;

import java.util.List;
import org.iorewind.record.FuzzedImport;
import org.iorewind.trace.Progress;

/** Fuzz target: the import of a kernel log. */
public final class KernelLogFuzz {
    private KernelLogFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzedImport.run(input, (file, events) -> KernelLogImport.run(List.of(file), events, Progress.NONE));
    }
}
