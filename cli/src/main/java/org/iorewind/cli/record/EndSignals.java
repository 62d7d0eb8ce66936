package org.iorewind.cli.record;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.iorewind.record.live.StopRequests;

/**
 * Turns Ctrl-C and SIGTERM into requests to end a recording, and keeps the process alive until it has ended.
 *
 * <p>Ctrl-C needs a handler of its own, because the second one has a meaning too; Java's only way to that is {@code
 * sun.misc.Signal}, which every JDK has and no compiler likes, so it is called by its name. Where it is missing, Ctrl-C
 * ends the recording through the shutdown hook, as SIGTERM does.
 */
public final class EndSignals implements AutoCloseable {
    private static final long LONGEST_END_S = 120;

    private final StopRequests stops;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::shutdown, "end the recording");

    private EndSignals(StopRequests stops) {
        this.stops = stops;
    }

    /** From now on signals ask for the end. */
    @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
    public static EndSignals handle(StopRequests stops) {
        EndSignals signals = new EndSignals(stops);
        Runtime.getRuntime().addShutdownHook(signals.hook);
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler stop = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    stops.stop();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "ends the recording";
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, stop);
            Object interrupt = signal.getConstructor(String.class).newInstance("INT");
            signal.getMethod("handle", signal, handler).invoke(null, interrupt, proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // the shutdown hook does it
        }
        return signals;
    }

    private void shutdown() {
        stops.stop();
        try {
            if (!ended.await(LONGEST_END_S, TimeUnit.SECONDS)) {
                stops.stop();
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
