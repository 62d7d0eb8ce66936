package org.iorewind.cli.record;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.iorewind.record.live.StopRequests;

/**
 * Turns Ctrl-C and SIGTERM into requests to end a recording, or other work that leaves a result when it is stopped, and keeps
 * the process alive until it has ended.
 *
 * <p>Ctrl-C needs a handler of its own, because the second one has a meaning too; Java's only way to that is {@code
 * sun.misc.Signal}, which every JDK has and no compiler likes, so it is called by its name. Where it is missing, Ctrl-C
 * ends the recording through the shutdown hook, as SIGTERM does.
 */
public final class EndSignals implements AutoCloseable {
    private static final long LONGEST_END_S = 120;

    private final Runnable stop;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::shutdown, "end the recording");

    private EndSignals(Runnable stop) {
        this.stop = stop;
    }

    /** From now on signals ask for the end of a recording. */
    public static EndSignals handle(StopRequests stops) {
        return handle(stops::stop);
    }

    /** From now on signals ask for the end, each time by this, in any thread. */
    @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
    public static EndSignals handle(Runnable stopping) {
        EndSignals signals = new EndSignals(stopping);
        Runtime.getRuntime().addShutdownHook(signals.hook);
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler ending = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    stopping.run();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "ends the recording";
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, ending);
            Object interrupt = signal.getConstructor(String.class).newInstance("INT");
            signal.getMethod("handle", signal, handler).invoke(null, interrupt, proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // the shutdown hook does it
        }
        return signals;
    }

    private void shutdown() {
        stop.run();
        try {
            if (!ended.await(LONGEST_END_S, TimeUnit.SECONDS)) {
                stop.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended();
    }

    /** The recording has ended: the process may. Idempotent. */
    public void ended() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending already
        }
    }
}
