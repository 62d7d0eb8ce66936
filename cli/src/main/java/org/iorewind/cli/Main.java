package org.iorewind.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.iorewind.cli.command.Commands;
import org.iorewind.record.plugin.ImporterException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The entry point. */
public final class Main {
    private static final int OUTPUT_BUFFER_BYTES = 1 << 16;

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        // Before any class of the journal's library is loaded: it must never call home.
        System.setProperty("chronicle.analytics.disable", "true");
        // A log line of a library would stand in the middle of ours.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        InputStream in = new FileInputStream(FileDescriptor.in);
        int code = run(args, Terminal.of(in, out, err));
        System.exit(code);
    }

    /**
     * Runs one command without ending the process.
     *
     * @param args as typed
     * @param out gets the result, as UTF-8 if the caller's stream is
     * @param err gets messages
     * @return the exit code, see {@link ExitCode}
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        return run(args, Terminal.plain(InputStream.nullInputStream(), out, err));
    }

    /**
     * Runs one command without ending the process.
     *
     * @param args as typed
     * @param terminal the streams
     * @return the exit code, see {@link ExitCode}
     */
    public static int run(String[] args, Terminal terminal) {
        CommandLine line;
        try {
            line = Commands.line(terminal);
        } catch (ImporterException failure) {
            return flushed(Failures.report(failure, terminal, false), terminal);
        }
        return run(line, args, terminal);
    }

    private static int run(CommandLine line, String[] args, Terminal terminal) {
        // What picocli prints itself, help and version, is kept until it has returned: it would report a failure of the
        // stream in its own way.
        StringWriter printed = new StringWriter();
        line.setOut(new PrintWriter(printed, true));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((failure, given) -> usage(failure, terminal));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (Failures.isClosedPipe(failure) && Commands.isListing(command)) {
                // As much as the reader wanted was printed: iorewind dump TRACE | head
                return ExitCode.OK;
            }
            return Failures.report(failure, terminal, Commands.wantsStackTrace(line));
        });
        int code;
        try {
            code = line.execute(args);
            terminal.out().print(printed);
        } catch (BrokenOutputException failure) {
            code = Failures.report(failure, terminal, false);
        } catch (OutOfMemoryError | InternalError failure) {
            code = Failures.report(failure, terminal, Commands.wantsStackTrace(line));
        }
        return flushed(code, terminal);
    }

    /** A result that could not be written whole is no success, and is reported once. */
    private static int flushed(int code, Terminal terminal) {
        try {
            terminal.out().flush();
            return code;
        } catch (BrokenOutputException failure) {
            // A reader that has gone away changes nothing about what was found.
            boolean said = code == ExitCode.ENVIRONMENT || Failures.isClosedPipe(failure);
            return said ? code : Failures.report(failure, terminal, false);
        } finally {
            terminal.err().flush();
        }
    }

    private static int usage(ParameterException failure, Terminal terminal) {
        String prefix = "iorewind: ";
        for (String line : UsageMessage.of(failure)) {
            terminal.note(prefix + line);
            prefix = "";
        }
        return ExitCode.USAGE;
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        CheckedOutput checked =
                new CheckedOutput(new BufferedOutputStream(new FileOutputStream(descriptor), OUTPUT_BUFFER_BYTES));
        return new PrintStream(checked, false, StandardCharsets.UTF_8);
    }
}
