package org.iorewind.cli.debug.dap;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.trace.TraceFormatException;

/** Answers that another thread gives, with failures as messages for people. */
final class Answers {
    private static final long LONGEST_WAIT_NS = TimeUnit.SECONDS.toNanos(5);

    private Answers() {}

    /** A refusal with a message for people; the protocol wants a body too. */
    static ResponseErrorException refused(String message) {
        return new ResponseErrorException(new ResponseError(ResponseErrorCode.RequestFailed, message, Map.of()));
    }

    /** An answer. */
    static <T> CompletableFuture<T> on(Executor worker, Supplier<T> work) {
        return CompletableFuture.supplyAsync(() -> understood(work), worker);
    }

    /** An answer, and what is to be done when it has been sent: the protocol wants it before the events that follow. */
    static <T> CompletableFuture<T> then(Executor worker, Supplier<T> work, Runnable after) {
        return then(worker, work, after, () -> {});
    }

    /** The same, and what is to be done after a refusal. */
    static <T> CompletableFuture<T> then(Executor worker, Supplier<T> work, Runnable after, Runnable afterRefusal) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        worker.execute(() -> {
            T value;
            try {
                value = understood(work);
            } catch (ResponseErrorException e) {
                answer.completeExceptionally(e);
                afterRefusal.run();
                return;
            }
            // Who sends the answer depends on this future as soon as the request's method has returned; completing it
            // then sends it on this thread.
            long end = System.nanoTime() + LONGEST_WAIT_NS;
            while (answer.getNumberOfDependents() == 0 && System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
            answer.complete(value);
            after.run();
        });
        return answer;
    }

    private static <T> T understood(Supplier<T> work) {
        try {
            return work.get();
        } catch (ResponseErrorException e) {
            throw e;
        } catch (DebugException | UsageException | TraceFormatException e) {
            throw refused(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // A request without an answer would leave the editor waiting for ever.
            throw refused(e.toString());
        }
    }
}
