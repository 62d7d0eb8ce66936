package org.iorewind.cli.debug.dap;

import java.io.BufferedInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.lsp4j.debug.launch.DSPLauncher;
import org.eclipse.lsp4j.debug.services.IDebugProtocolClient;
import org.eclipse.lsp4j.jsonrpc.Launcher;

/** Serves one editor on two streams. */
public final class DapServer {
    private DapServer() {}

    /**
     * Serves until the editor disconnects or closes its stream.
     *
     * @param opener opens the trace
     * @param place where to begin, as {@code seek} takes it, if the editor names none
     * @param in requests
     * @param out responses and events; written to by no one else
     * @param stop completed by whoever wants the service to end before
     */
    public static void serve(
            TraceOpener opener, String place, InputStream in, OutputStream out, CompletableFuture<Void> stop) {
        ExecutorService reader = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "requests of the editor");
            thread.setDaemon(true);
            return thread;
        });
        try (DebugAdapter adapter = new DebugAdapter(opener, place)) {
            Launcher<IDebugProtocolClient> launcher = DSPLauncher.createServerLauncher(
                    adapter, new BufferedInputStream(in), out, reader, consumer -> consumer);
            adapter.connect(launcher.getRemoteProxy());
            Future<Void> listening = launcher.startListening();
            CompletableFuture.anyOf(adapter.ended(), over(listening, reader), stop)
                    .join();
        } finally {
            reader.shutdownNow();
        }
    }

    private static CompletableFuture<Void> over(Future<Void> listening, ExecutorService reader) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        listening.get();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (ExecutionException e) {
                        // a stream that breaks is an editor that has gone
                    }
                },
                reader);
    }
}
