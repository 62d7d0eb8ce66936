package org.iorewind.cli.debug;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.verb.Verbs;
import org.iorewind.cli.json.AnswerJson;
import org.iorewind.trace.TraceFormatException;
import org.jspecify.annotations.Nullable;

/** Does lines one after the other and prints what they answer. One thread. */
public final class Console {
    private static final int DEEPEST_SOURCE = 16;

    private final Terminal terminal;
    private final DebugSession session;
    private final DebugProgress progress;
    private final boolean isJson;
    private final Verbs verbs = new Verbs();
    private final List<String> history = new ArrayList<>();
    private String last = "";
    private int depth;
    private int exitCode = ExitCode.OK;
    private boolean isOver;

    /**
     * A console.
     *
     * @param terminal to print on
     * @param session to work in
     * @param progress of the session's motions
     * @param isJson whether to print one JSON object a line
     */
    public Console(Terminal terminal, DebugSession session, DebugProgress progress, boolean isJson) {
        this.terminal = terminal;
        this.session = session;
        this.progress = progress;
        this.isJson = isJson;
        verbs.addOutside("history", "", "", "List the commands of this session.");
        verbs.addOutside(
                "source",
                "",
                "FILE",
                "Do the commands in a file.",
                "One a line; # begins a remark. It ends at the first that fails.");
        verbs.addOutside("quit", "q", "", "End.", "So does Ctrl-D. Ctrl-C ends only what is under way.");
    }

    /** All commands. */
    public Verbs verbs() {
        return verbs;
    }

    /** Whether somebody quit. */
    public boolean isOver() {
        return isOver;
    }

    /** OK, or what was wrong with the last command that failed. */
    public int exitCode() {
        return exitCode;
    }

    /**
     * Does all lines, until somebody quits.
     *
     * @param stopsAtFailure whether the first command that fails is the last
     * @return whether none failed
     * @throws IOException from the lines or the output
     */
    public boolean run(LineSource lines, boolean stopsAtFailure) throws IOException {
        boolean isGood = true;
        while (!isOver && (isGood || !stopsAtFailure)) {
            terminal.out().flush();
            String line = lines.next();
            if (line == null) {
                break;
            }
            String text = line.strip();
            if (text.isEmpty() && lines.isInteractive()) {
                text = last;
            }
            if (!text.isEmpty() && !text.startsWith("#")) {
                isGood &= execute(text);
            }
        }
        terminal.out().flush();
        return isGood;
    }

    /**
     * Does one line.
     *
     * @return whether it could be done
     * @throws IOException from the output
     */
    public boolean execute(String line) throws IOException {
        last = line;
        history.add(line);
        String verb = "";
        try {
            verb = verbs.name(Verbs.verb(line));
            String rest = line.substring(Verbs.verb(line).length()).strip();
            switch (verb) {
                case "quit" -> isOver = true;
                case "source" -> {
                    return source(rest);
                }
                case "history" -> print(line, verb, historyAnswer());
                default -> print(line, verb, answer(line));
            }
            return true;
        } catch (DebugException e) {
            fail(line, verb, String.valueOf(e.getMessage()), ExitCode.USAGE);
        } catch (TraceFormatException e) {
            // Back to where all is well, so that one can go on from there.
            session.recover();
            fail(line, verb, String.valueOf(e.getMessage()), ExitCode.BAD_INPUT);
        }
        return false;
    }

    private Answer answer(String line) {
        try (ProgressLine shown = terminal.progress("replaying", "events")) {
            progress.show(shown);
            return verbs.run(session, line);
        } finally {
            progress.show(null);
        }
    }

    private Answer historyAnswer() {
        Answer answer = new Answer().field("history", List.copyOf(history));
        for (int i = 0; i < history.size(); i++) {
            answer.line("  " + (i + 1) + "  " + PlainText.clean(history.get(i)));
        }
        return answer;
    }

    private boolean source(String file) throws IOException {
        if (file.isEmpty()) {
            throw new DebugException("expected the name of a file, found nothing");
        }
        if (depth == DEEPEST_SOURCE) {
            throw new DebugException("expected files that do not source each other without end");
        }
        depth++;
        try (LineSource lines = new PlainLines(new FileInputStream(Path.of(file).toFile()))) {
            return run(lines, true);
        } catch (IOException e) {
            throw new DebugException(file + ": expected a file with commands, found: " + e.getMessage());
        } finally {
            depth--;
        }
    }

    private void print(String line, String verb, Answer answer) throws IOException {
        if (isJson) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            object.put("command", line);
            object.put("verb", verb);
            object.put("ok", true);
            object.putAll(answer.fields());
            AnswerJson.write(object, terminal.out());
        } else {
            answer.lines().forEach(terminal::line);
        }
        terminal.out().flush();
    }

    private void fail(String line, String verb, String message, int code) throws IOException {
        exitCode = code;
        if (isJson) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            object.put("command", line);
            object.put("verb", verb);
            object.put("ok", false);
            object.put("error", message);
            AnswerJson.write(object, terminal.out());
            terminal.out().flush();
        } else {
            terminal.out().flush();
            for (String each : message.split("\n", -1)) {
                terminal.note(each);
            }
            terminal.err().flush();
        }
    }
}
