package org.iorewind.cli.debug.prompt;

import java.io.IOException;
import java.nio.file.Path;
import org.iorewind.cli.debug.LineSource;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.verb.Completions;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jspecify.annotations.Nullable;

/** A prompt on a terminal, with history and completion. Ctrl-C ends what the session does, and never the program. */
public final class PromptLines implements LineSource {
    private static final String PROMPT = "(iorewind) ";

    private final Terminal terminal;
    private final LineReader reader;

    private PromptLines(Terminal terminal, LineReader reader) {
        this.terminal = terminal;
        this.reader = reader;
    }

    /**
     * Takes over the terminal of this process.
     *
     * @param session hears of Ctrl-C
     * @param completions of what is typed
     * @param history where lines are kept, or null
     * @throws IOException if there is no terminal
     */
    public static PromptLines open(DebugSession session, Completions completions, @Nullable Path history)
            throws IOException {
        Terminal terminal = new SteadyTerminalProvider().terminal();
        terminal.handle(Signal.INT, signal -> session.interrupt());
        // What they change is put right by the provider, also while no line is read.
        terminal.handle(Signal.WINCH, signal -> {});
        terminal.handle(Signal.CONT, signal -> {});
        // The mode of the prompt serves while a command runs, too: nothing has to be started for the next prompt.
        terminal.enterRawMode();
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("iorewind")
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .variable(LineReader.BELL_STYLE, "none")
                .completer((line, parsed, candidates) -> completions
                        .of(parsed.line().substring(0, parsed.cursor()))
                        .forEach(word -> candidates.add(new Candidate(word))));
        if (history != null) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        return new PromptLines(terminal, builder.build());
    }

    @Override
    public @Nullable String next() {
        while (true) {
            try {
                return reader.readLine(PROMPT);
            } catch (UserInterruptException e) {
                // Ctrl-C at the prompt drops the line that was begun: ask again.
            } catch (EndOfFileException e) {
                return null;
            }
        }
    }

    @Override
    public boolean isInteractive() {
        return true;
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
