package org.iorewind.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.replay.predicate.FilterException;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceStoreException;

/** Turns every failure into one message on standard error and an exit code. */
final class Failures {
    private static final int LINE_LIMIT = 4_000;

    private Failures() {}

    /**
     * Reports a failure.
     *
     * @param stacktrace whether the stack trace is wanted too
     * @return the exit code
     */
    static int report(Throwable failure, Terminal terminal, boolean stacktrace) {
        if (failure instanceof BrokenOutputException && isBrokenPipe(failure)) {
            // The reader has what it wanted; a message would only disturb it.
            return ExitCode.ENVIRONMENT;
        }
        for (String line : ("iorewind: " + message(failure)).split("\n")) {
            terminal.note(PlainText.clip(line, LINE_LIMIT));
        }
        if (stacktrace) {
            PrintWriter writer = new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8);
            failure.printStackTrace(writer);
            writer.flush();
        }
        return code(failure);
    }

    private static int code(Throwable failure) {
        if (failure instanceof UsageException || failure instanceof FilterException) {
            return ExitCode.USAGE;
        }
        return failure instanceof TraceFormatException ? ExitCode.BAD_INPUT : ExitCode.ENVIRONMENT;
    }

    private static String message(Throwable failure) {
        if (failure instanceof FilterException) {
            return "--filter: " + failure.getMessage();
        }
        if (failure instanceof UsageException
                || failure instanceof TraceFormatException
                || failure instanceof TraceStoreException) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof BrokenOutputException) {
            return "standard output: expected room for the whole result, found: " + reason(failure)
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
            String what = file instanceof NoSuchFileException
                    ? "no such file or directory"
                    : file instanceof AccessDeniedException ? "no permission" : reason(file);
            return file.getFile() + ": expected a file that can be read or written, found: " + what
                    + "; check the path, its permissions and the free space";
        }
        return "expected to read or write, found: " + reason(e) + "; check paths, permissions and the free space";
    }

    private static boolean isBrokenPipe(Throwable failure) {
        return reason(failure).contains("Broken pipe");
    }

    private static String reason(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        if (deepest instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        return deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
    }
}
