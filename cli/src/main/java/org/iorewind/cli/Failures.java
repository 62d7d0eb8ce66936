package org.iorewind.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.rule.AnalyzerException;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.record.plugin.ImporterException;
import org.iorewind.replay.predicate.FilterException;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceStoreException;

/** Turns every failure into one message on standard error and an exit code. */
final class Failures {
    private static final int LINE_LIMIT = 4_000;

    /** A filter's own text comes back in its message; so much of a line is enough to see the place. */
    private static final int FILTER_LINE_LIMIT = 200;

    private static final int FILTER_LINES = 8;
    private static final String FILTER_FIELDS = "Fields: ";
    private static final String FILTER_NAMES = "There are: ";
    private static final int FILTER_LIST_LIMIT = 1_000;

    private Failures() {}

    /**
     * Reports a failure.
     *
     * @param stacktrace whether the stack trace is wanted too
     * @return the exit code
     */
    static int report(Throwable failure, Terminal terminal, boolean stacktrace) {
        if (isClosedPipe(failure)) {
            // The reader has what it wanted; a message would only disturb it.
            return ExitCode.ENVIRONMENT;
        }
        for (String line : lines(failure)) {
            terminal.note(line);
        }
        if (stacktrace) {
            PrintWriter writer = new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8);
            failure.printStackTrace(writer);
            writer.flush();
        }
        return code(failure);
    }

    /** Whether it only says that nobody reads standard output any more. */
    static boolean isClosedPipe(Throwable failure) {
        return failure instanceof BrokenOutputException
                && PlainReason.of(failure).contains("Broken pipe");
    }

    private static int code(Throwable failure) {
        if (failure instanceof UsageException
                || failure instanceof FilterException
                || failure instanceof InvalidPathException) {
            return ExitCode.USAGE;
        }
        return failure instanceof TraceFormatException ? ExitCode.BAD_INPUT : ExitCode.ENVIRONMENT;
    }

    private static List<String> lines(Throwable failure) {
        if (failure instanceof FilterException filter) {
            return filterLines(filter.option(), String.valueOf(failure.getMessage()));
        }
        // One line: a line feed in it comes from a file's name, and is shown as what it is.
        return List.of(PlainText.clip("iorewind: " + message(failure), LINE_LIMIT));
    }

    /** What is wrong and where; not the whole expression again, and not the names of all fields. */
    private static List<String> filterLines(String option, String message) {
        List<String> lines = new ArrayList<>();
        for (String line : ("iorewind: " + option + ": " + message).split("\n")) {
            if (!line.startsWith(FILTER_FIELDS) && lines.size() < FILTER_LINES) {
                boolean isList = line.startsWith(FILTER_NAMES);
                lines.add(PlainText.clip(line, isList ? FILTER_LIST_LIMIT : FILTER_LINE_LIMIT));
            }
        }
        lines.add("  The names of the fields: docs/format.md, or the output of iorewind dump TRACE --json"
                + (option.equals("--filter") ? "" : "; of the state: docs/time-travel.md"));
        return lines;
    }

    private static String message(Throwable failure) {
        if (failure instanceof UsageException
                || failure instanceof TraceFormatException
                || failure instanceof TraceStoreException
                || failure instanceof ImporterException
                || failure instanceof AnalyzerException) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof InvalidPathException name) {
            return name.getInput() + ": expected a name that can be used here; if it is not ASCII, set a UTF-8 locale"
                    + " such as LC_ALL=C.UTF-8";
        }
        if (failure instanceof BrokenOutputException) {
            return "standard output: expected room for the whole result, found: " + PlainReason.of(failure)
                    + "; the output is cut: free some space, or write elsewhere";
        }
        if (failure instanceof UncheckedIOException wrapped) {
            return ioMessage(wrapped.getCause() == null ? wrapped : wrapped.getCause());
        }
        if (failure instanceof IOException) {
            return ioMessage(failure);
        }
        if (failure instanceof OutOfMemoryError) {
            return "out of memory: the trace needs more than this Java heap of "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB; set JAVA_TOOL_OPTIONS=-Xmx4g and try again";
        }
        return "this is a defect of iorewind: " + failure
                + "; run the command again with --stacktrace and report what it prints";
    }

    private static String ioMessage(Throwable e) {
        if (e instanceof FileSystemException file) {
            return file.getFile() + ": expected a file that can be read or written, found: " + PlainReason.of(file)
                    + "; check the path, its permissions and the free space";
        }
        return "expected to read or write, found: " + PlainReason.of(e)
                + "; check paths, permissions and the free space";
    }
}
