package org.iorewind.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import picocli.CommandLine.Parameters;

/** The trace that most commands work on. */
final class TraceParameter {
    @Parameters(paramLabel = "TRACE", description = "A journal directory or an archive (.iorw).")
    Path path = Path.of("");

    /**
     * Opens it, to be closed by the caller.
     *
     * @throws TraceFormatException if it is no trace
     */
    TraceReader open() {
        requireExisting(path, "a journal directory or an archive (.iorw)");
        return Traces.open(path);
    }

    /** A name that leads nowhere is bad input, the same for every command. */
    static void requireExisting(Path path, String expected) {
        if (!Files.exists(path)) {
            throw new TraceFormatException(
                    path.toString(),
                    "",
                    expected,
                    "no such file or directory",
                    "check the name and the current folder");
        }
    }
}
