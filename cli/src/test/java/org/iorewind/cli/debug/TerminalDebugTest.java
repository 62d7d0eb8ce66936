package org.iorewind.cli.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.CommandRun;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ForkedProgram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The debugger on a real terminal, which tmux provides. Skipped where there is no tmux. */
class TerminalDebugTest {
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(2);

    @TempDir
    private Path dir;

    private Path socket = Path.of("");

    @BeforeEach
    void start() throws Exception {
        boolean isThere = isRunnable("tmux", "-V");
        assumeTrue(isThere || "true".equals(System.getenv("CI")), "tmux is not installed");
        socket = dir.resolve("tmux");
        Path trace = dir.resolve("dma.iorw");
        CommandRun.of("record", "sample", "base-dma-v1", "-o", trace).expect(ExitCode.OK);
        List<String> command = new ArrayList<>(List.of("exec"));
        ForkedProgram.command(
                        List.of("-Diorewind.stdin.terminal=true", "-Diorewind.stdout.terminal=true"),
                        "debug",
                        trace,
                        "--no-cache")
                .forEach(word -> command.add(ShellWord.quote(word)));
        Path script = Files.writeString(dir.resolve("start"), String.join(" ", command) + "\n");
        tmux(
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-x",
                "180",
                "-y",
                "50",
                "env",
                "XDG_CACHE_HOME=" + dir,
                "sh",
                script.toString());
        await("(iorewind)");
    }

    @AfterEach
    void end() throws Exception {
        if (Files.exists(socket)) {
            new ProcessBuilder("tmux", "-S", socket.toString(), "kill-server")
                    .start()
                    .waitFor();
        }
    }

    private static boolean isRunnable(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private String tmux(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("tmux", "-S", socket.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    private void type(String... keys) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("send-keys"));
        arguments.addAll(List.of(keys));
        tmux(arguments.toArray(String[]::new));
    }

    /** Waits until the screen shows a text. */
    private void await(String text) throws Exception {
        await(text, screen -> screen.contains(text));
    }

    /** Waits until a line can be typed: the signal of Ctrl-C and the keys behind it do not come by the same way. */
    private void awaitEmptyPrompt() throws Exception {
        await("a prompt without a line", screen -> screen.stripTrailing().endsWith("\n(iorewind)"));
    }

    private void await(String what, Predicate<String> isThere) throws Exception {
        long end = System.nanoTime() + LONGEST_NS;
        String screen = "";
        while (System.nanoTime() < end) {
            screen = tmux("capture-pane", "-p", "-J");
            if (isThere.test(screen)) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("expected on the screen: " + what + "\n" + screen);
    }

    @Test
    void aSessionOnATerminalHasHistoryAndCompletionAndSurvivesCtrlC() throws Exception {
        type("seek fault 1", "Enter");
        await("DmaRequest");
        type("reverse-c", "Tab");
        await("(iorewind) reverse-continue");
        type("C-c");
        awaitEmptyPrompt();
        type("why", "Enter");
        await("took the mapping away");
        type("mark here", "Enter");
        await("is here");
        type("Up", "Up", "Up", "Enter");
        await("(iorewind) seek fault 1");
        type("print 6*7", "Enter");
        await("42 (0x2a)");
        type("quit", "Enter");
        Path history = dir.resolve("iorewind").resolve("debug-history");
        long end = System.nanoTime() + LONGEST_NS;
        while (isAlive() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(history).exists();
        assertThat(Files.readString(history)).contains("mark here");
    }

    /** Whether Ctrl-C comes before a run, in it or behind it: the session goes on, and the next line is read. */
    @Test
    void ctrlCEndsNoMoreThanARun() throws Exception {
        type("break sequence < 0", "Enter");
        await("1: break sequence < 0");
        type("print 6*6", "Enter");
        await("36 (0x24)");
        for (int i = 0; i < 3; i++) {
            type("continue", "Enter", "C-c");
            type("print " + i + "+100", "Enter");
            await(100 + i + " (0x6" + (4 + i) + ")");
        }
    }

    private boolean isAlive() throws Exception {
        Process process = new ProcessBuilder("tmux", "-S", socket.toString(), "list-sessions")
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        return process.waitFor() == 0;
    }
}
