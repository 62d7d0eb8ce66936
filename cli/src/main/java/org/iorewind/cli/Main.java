package org.iorewind.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.cli.command.Commands;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

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
        CommandLine line = Commands.line(terminal);
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((failure, given) -> usage(failure, terminal));
        line.setExecutionExceptionHandler(
                (failure, command, parsed) -> Failures.report(failure, terminal, Commands.wantsStackTrace(line)));
        int code;
        try {
            code = line.execute(args);
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
            return code == ExitCode.ENVIRONMENT ? code : Failures.report(failure, terminal, false);
        } finally {
            terminal.err().flush();
        }
    }

    private static int usage(ParameterException failure, Terminal terminal) {
        String command = failure.getCommandLine().getCommandSpec().qualifiedName(" ");
        terminal.note("iorewind: " + PlainText.clean(String.valueOf(failure.getMessage())));
        if (failure instanceof UnmatchedArgumentException unmatched) {
            for (String suggestion : unmatched.getSuggestions()) {
                terminal.note("  Did you mean: " + PlainText.clean(suggestion) + "?");
            }
        }
        String topic = command.startsWith("iorewind ") ? command.substring("iorewind ".length()) : "";
        terminal.note("  See: iorewind help" + (topic.isEmpty() ? "" : " " + topic));
        return ExitCode.USAGE;
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        CheckedOutput checked =
                new CheckedOutput(new BufferedOutputStream(new FileOutputStream(descriptor), OUTPUT_BUFFER_BYTES));
        return new PrintStream(checked, false, StandardCharsets.UTF_8);
    }
}
