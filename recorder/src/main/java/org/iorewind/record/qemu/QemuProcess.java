package org.iorewind.record.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.iorewind.trace.TraceStoreException;

/** A QEMU that was started, on the same terminal as this process. */
public final class QemuProcess {
    private static final Path STANDARD_ERROR = Path.of("/dev/stderr");
    private static final int SIGNAL_EXIT = 128;
    private static final long POLL_MS = 5;

    private final Process process;

    private QemuProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts it; its standard streams are those of this process.
     *
     * @param words the command line
     * @param environment variables that are set for it
     * @param ownSession in a session of its own, so that Ctrl-C does not reach it
     * @param outputToError its standard output goes to standard error
     * @throws TraceStoreException if there is no such program
     */
    public static QemuProcess start(
            List<String> words, Map<String, String> environment, boolean ownSession, boolean outputToError) {
        List<String> all = new ArrayList<>(words);
        if (ownSession) {
            all.add(0, "setsid");
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(all).inheritIO();
            builder.environment().putAll(environment);
            if (outputToError) {
                builder.redirectOutput(ProcessBuilder.Redirect.appendTo(STANDARD_ERROR.toFile()));
            }
            return new QemuProcess(builder.start());
        } catch (IOException e) {
            throw QemuProbe.notStarted(words.subList(0, 1), e);
        }
    }

    /** Its process id; of a wrapper the wrapper's. */
    public long pid() {
        return process.pid();
    }

    /** It and its children. */
    public List<Long> pids() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits for its end.
     *
     * @param ms at most so many milliseconds
     * @return whether it has ended
     * @throws InterruptedException if this thread is interrupted
     */
    public boolean waitFor(long ms) throws InterruptedException {
        return process.waitFor(ms, TimeUnit.MILLISECONDS);
    }

    /** How it ended, in words; it must have ended. */
    public String end() {
        int code = process.exitValue();
        return code > SIGNAL_EXIT ? "killed by signal " + (code - SIGNAL_EXIT) : "exit code " + code;
    }

    /** Its exit code, 128 and more for a signal; it must have ended. */
    public int exitCode() {
        return process.exitValue();
    }

    /** Whether it was killed by a signal; it must have ended. */
    public boolean wasKilled() {
        return process.exitValue() > SIGNAL_EXIT;
    }

    /** Ends it at once. */
    public void kill() {
        process.destroyForcibly();
    }

    /**
     * Connects to its monitor as soon as it is there.
     *
     * @param socket the monitor's
     * @param events as for {@link QmpClient#connect}
     * @param mostMs at most so many milliseconds
     * @return the client
     * @throws QmpException if QEMU ended before, or does not answer in time
     * @throws InterruptedException if this thread is interrupted
     */
    public QmpClient monitor(Path socket, Consumer<QmpEvent> events, long mostMs)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(mostMs);
        IOException last = new QmpException("no socket " + socket);
        while (System.nanoTime() - end < 0) {
            if (Files.exists(socket)) {
                try {
                    return QmpClient.connect(socket, events);
                } catch (IOException e) {
                    last = e;
                }
            }
            if (process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
                throw new QmpException("QEMU ended at its start with " + end());
            }
        }
        throw last;
    }
}
