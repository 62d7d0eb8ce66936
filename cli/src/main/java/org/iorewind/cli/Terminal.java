package org.iorewind.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.iorewind.analyze.report.TextStyle;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.analyze.text.ShellWord;

/**
 * The streams of one run and what they can show.
 *
 * @param in standard input
 * @param out standard output: results only
 * @param err standard error: messages and progress
 * @param style how text on {@code out} is set
 * @param live whether {@code err} is a terminal on which a progress line may be redrawn
 * @param interactive whether somebody types on {@code in} and reads {@code out}
 * @param command how the user calls this program, for commands to copy: {@code iorewind} or {@code ./iorewind}
 */
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        TextStyle style,
        boolean live,
        boolean interactive,
        String command) {
    /** Name of the program where the launcher does not tell. */
    private static final String COMMAND = "iorewind";

    private static final String STDOUT_TERMINAL = "iorewind.stdout.terminal";

    /** Width assumed when the terminal does not say. */
    private static final int COLUMNS = 100;

    /** Streams that are no terminal: no colours, no progress. */
    public static Terminal plain(InputStream in, PrintStream out, PrintStream err) {
        return new Terminal(in, out, err, TextStyle.PLAIN, false, false, COMMAND);
    }

    /**
     * The streams of this process. Whether they are terminals is told by the launcher in the system properties {@code
     * iorewind.stdin.terminal}, {@code iorewind.stdout.terminal} and {@code iorewind.stderr.terminal} (a shell can ask; Java's console means different
     * things in different versions). Without a launcher nothing is taken for a terminal.
     */
    static Terminal of(InputStream in, PrintStream out, PrintStream err) {
        String noColor = System.getenv("NO_COLOR");
        boolean colour = Boolean.getBoolean(STDOUT_TERMINAL)
                && (noColor == null || noColor.isEmpty())
                && !"dumb".equals(System.getenv("TERM"));
        int columns = Integer.getInteger("iorewind.columns", COLUMNS);
        return new Terminal(
                in,
                out,
                err,
                new TextStyle(colour, Math.min(columns, COLUMNS)),
                Boolean.getBoolean("iorewind.stderr.terminal"),
                Boolean.getBoolean("iorewind.stdin.terminal") && Boolean.getBoolean(STDOUT_TERMINAL),
                ShellWord.quote(System.getProperty("iorewind.command", COMMAND)));
    }

    /**
     * A line that shows how far a piece of work has come, if anybody can see it.
     *
     * @param what is being done, such as {@code "replaying"}
     * @param unit of what is counted, such as {@code "events"}
     */
    public ProgressLine progress(String what, String unit) {
        // What was said so far must stand above the line that moves.
        out.flush();
        return new ProgressLine(live ? err : null, what, unit);
    }

    /** Prints a line of text to standard output. */
    public void line(String text) {
        out.print(text);
        out.print('\n');
    }

    /** The line that says that a trace was made. */
    public String made(Path trace, long events) {
        return style.good(PlainText.clean(trace.toString())) + ": " + Notation.count(events, "event");
    }

    /** Prints a note to standard error: where a file went, what to try next. */
    public void note(String text) {
        err.print(PlainText.clean(text));
        err.print('\n');
    }
}
