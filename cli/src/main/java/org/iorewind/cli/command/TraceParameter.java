package org.iorewind.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import org.iorewind.cli.UsageException;
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

    /**
     * An input that is read once, from its start to its end; a pipe is as good as a file.
     *
     * @throws TraceFormatException if there is nothing of that name, or a directory
     */
    static Path input(String name, String expected) {
        if (name.isEmpty()) {
            throw new UsageException("empty name: expected " + expected);
        }
        Path path = Path.of(name);
        requireExisting(path, expected);
        if (Files.isDirectory(path)) {
            throw new TraceFormatException(name, "", expected, "a directory", "name the file in it");
        }
        return path;
    }

    /**
     * An input that is read more than once.
     *
     * @throws TraceFormatException if there is nothing of that name, or no regular file
     */
    static Path regularInput(String name, String expected) {
        Path path = input(name, expected);
        if (!Files.isRegularFile(path)) {
            throw new TraceFormatException(
                    name,
                    "",
                    "a regular file, which can be read twice",
                    "a pipe or a device",
                    "write it to a file first, or name - and send it to standard input");
        }
        return path;
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
