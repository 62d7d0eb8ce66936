package org.iorewind.cli.debug.dap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.lsp4j.debug.DisconnectArguments;
import org.iorewind.cli.CommandRun;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.UsageException;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.AnswerCache;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;

/** The sample of a page that is used after it was unmapped, an adapter in a thread of this process, and an editor at it. */
final class ServedTrace {
    private final Path trace;
    private final TestEditor editor;
    private final Thread server;
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private volatile Progress progress = Progress.NONE;

    ServedTrace(Path dir) throws IOException {
        trace = dir.resolve("dma.iorw");
        CommandRun.of("record", "sample", "base-dma-v1", "-o", trace).expect(ExitCode.OK);
        PipedOutputStream requests = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(requests, 1 << 16);
        PipedOutputStream out = new PipedOutputStream();
        PipedInputStream answers = new PipedInputStream(out, 1 << 16);
        server = new Thread(() -> DapServer.serve(this::open, "start", in, out, stop));
        server.start();
        editor = new TestEditor(answers, requests);
    }

    Path trace() {
        return trace;
    }

    /** What an editor says to open it. */
    Map<String, Object> launch() {
        return Map.of("trace", trace.toString());
    }

    TestEditor editor() {
        return editor;
    }

    /** Hears of the progress of each replay from now on. */
    void watch(Progress watcher) {
        progress = watcher;
    }

    /** As a signal would end it. */
    void stopServer() throws InterruptedException {
        stop.complete(null);
        expectEnd();
    }

    private void expectEnd() throws InterruptedException {
        server.join(TimeUnit.MINUTES.toMillis(2));
        assertThat(server.isAlive()).isFalse();
    }

    private TraceOpener.Opened open(String name, String profile) {
        if (name.isEmpty()) {
            throw new UsageException("launch: expected a trace");
        }
        TraceReader reader = Traces.open(Path.of(name));
        ReplayOptions options =
                ReplayOptions.defaults().withProfile(profile).withProgress((done, total) -> progress.at(done, total));
        return new TraceOpener.Opened(reader, CheckpointStore.inMemory(1 << 24), AnswerCache.none(), options);
    }

    /** The program itself, as an editor starts it. */
    static Process start() throws IOException {
        // What a shell starts in the background has INT ignored, and so would have all that it starts.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--add-") || argument.startsWith("--enable") || argument.startsWith("--sun-misc")) {
                command.add(argument);
            }
        }
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("org.iorewind.cli.Main", "debug", "--dap", "--no-cache"));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The editor leaves, and the adapter ends. */
    void end() throws Exception {
        if (!stop.isDone()) {
            TestEditor.get(editor.server().disconnect(new DisconnectArguments()));
        }
        expectEnd();
    }
}
