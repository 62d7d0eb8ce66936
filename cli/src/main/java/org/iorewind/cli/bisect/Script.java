package org.iorewind.cli.bisect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.replay.bisect.ScriptSearch;
import org.iorewind.replay.bisect.ScriptSearch.Answer;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/** A program that says of an event whether all is well behind it, and the log of what it said. */
public final class Script {
    private static final int SKIP = 125;
    private static final int LAST_BAD = 127;

    private final String command;
    private final String trace;
    private final @Nullable Path log;
    private final Terminal terminal;

    /**
     * A program.
     *
     * @param command for {@code sh -c}
     * @param trace as the user named it; handed on
     * @param log where answers are kept, or null
     * @param terminal hears of each answer on standard error; the program's own output goes there, too
     */
    public Script(String command, String trace, @Nullable Path log, Terminal terminal) {
        this.command = command;
        this.trace = trace;
        this.log = log;
        this.terminal = terminal;
    }

    /**
     * Searches for the first event for which the program does not say that all is well.
     *
     * @throws IOException if the program cannot be started, or the log cannot be read or written
     */
    public OptionalLong search(TraceReader reader) throws IOException {
        ScriptSearch search = new ScriptSearch(count(reader));
        resume(search);
        for (OptionalLong next = search.next(); next.isPresent(); next = search.next()) {
            long sequence = next.getAsLong();
            Answer answer = ask(sequence);
            search.answer(sequence, answer);
            String line = ScriptSearch.line(sequence, answer);
            terminal.note(line);
            if (log != null) {
                Files.writeString(log, line + "\n", UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        }
        List<Long> skipped = search.skipped();
        if (search.found().isPresent() && !skipped.isEmpty()) {
            terminal.note("the first may also be one of the skipped before it: " + skipped);
        }
        return search.found();
    }

    private static long count(TraceReader reader) {
        long events = 0;
        try (EventCursor cursor = reader.cursor()) {
            while (cursor.next()) {
                events++;
            }
        }
        return events;
    }

    private void resume(ScriptSearch search) throws IOException {
        if (log == null || !Files.exists(log)) {
            return;
        }
        int number = 0;
        for (String line : Files.readAllLines(log, UTF_8)) {
            number++;
            try {
                search.replay(line);
            } catch (IllegalArgumentException e) {
                throw new UsageException("--log: " + log + ", line " + number + ": " + e.getMessage());
            }
        }
    }

    private Answer ask(long sequence) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command, "iorewind", trace, Long.toString(sequence));
        builder.environment().put("IOREWIND_SEQUENCE", Long.toString(sequence));
        int code = run(builder, trace, terminal);
        if (code > LAST_BAD) {
            throw new UsageException("--script: expected an exit code of 0 to 127, found " + code + " for event "
                    + sequence + "; what was found so far stands in the log, if there is one");
        }
        return code == 0 ? Answer.GOOD : code == SKIP ? Answer.SKIP : Answer.BAD;
    }

    /**
     * Asks a program about a whole trace.
     *
     * @param command for {@code sh -c}; {@code $1} is the trace
     * @return whether it exits with 1 to 127, but not with 125
     * @throws IOException if it cannot be started
     * @throws UsageException if it exits with more: it gives up
     */
    public static boolean shows(String command, Path trace, Terminal terminal) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command, "iorewind", trace.toString());
        int code = run(builder, trace.toString(), terminal);
        if (code > LAST_BAD) {
            throw new UsageException("--script: expected an exit code of 0 to 127, found " + code);
        }
        return code != 0 && code != SKIP;
    }

    private static int run(ProcessBuilder builder, String trace, Terminal terminal) throws IOException {
        builder.environment().put("IOREWIND_TRACE", trace);
        builder.redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        Process process = builder.start();
        process.getInputStream().transferTo(terminal.err());
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the script ran", e);
        }
    }
}
