package org.iorewind.record.debugfs;

import java.util.List;
import org.iorewind.record.FuzzedImport;
import org.iorewind.trace.Progress;

/** Fuzz target: the import of a dump of debugfs. */
public final class DebugfsFuzz {
    private DebugfsFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzedImport.run(input, (file, events) -> DebugfsImport.run(List.of(file), events, Progress.NONE));
    }
}
