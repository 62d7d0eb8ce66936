package org.iorewind.record.qemu;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * QEMU's monitor (QMP) over its socket. Commands may come from any thread, one at a time; events are told by a thread of
 * its own.
 */
public final class QmpClient implements AutoCloseable {
    private static final long LONGEST_ANSWER_S = 30;

    private final SocketChannel channel;
    private final BufferedReader in;
    private final Consumer<QmpEvent> events;
    private final BlockingQueue<Map<String, @Nullable Object>> answers = new ArrayBlockingQueue<>(16);
    private volatile boolean gone;

    private QmpClient(SocketChannel channel, Consumer<QmpEvent> events) {
        this.channel = channel;
        this.events = events;
        this.in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    /**
     * Connects and leaves the greeting behind.
     *
     * @param socket path of the socket
     * @param events told what QEMU reports by itself; by another thread, in order; must not call back
     * @throws IOException if nobody listens there, or no QEMU
     */
    @SuppressWarnings("resource") // the channel belongs to the client
    public static QmpClient connect(Path socket, Consumer<QmpEvent> events) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            QmpClient client = new QmpClient(channel, events);
            String greeting = client.in.readLine();
            if (greeting == null || !QmpJson.read(greeting).containsKey("QMP")) {
                throw new QmpException(socket + ": expected QEMU's greeting, found: " + greeting);
            }
            Thread reader = new Thread(client::read, "iorewind-qmp");
            reader.setDaemon(true);
            reader.start();
            client.execute("qmp_capabilities", Map.of());
            return client;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void read() {
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Map<String, @Nullable Object> message = QmpJson.read(line);
                if (message.containsKey("event")) {
                    events.accept(QmpEvent.of(message));
                } else {
                    answers.offer(message);
                }
            }
        } catch (IOException e) {
            // QEMU has ended, or this client was closed
        } finally {
            gone = true;
        }
    }

    /**
     * Runs a command.
     *
     * @param name of the command
     * @param arguments texts, booleans and numbers
     * @return what it returns: a map, a list, a text, a number
     * @throws QmpException if QEMU refuses it, or is gone
     * @throws IOException if the socket fails
     */
    public synchronized @Nullable Object execute(String name, Map<String, Object> arguments) throws IOException {
        answers.clear();
        ByteBuffer bytes = ByteBuffer.wrap(QmpJson.command(name, arguments).getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        Map<String, @Nullable Object> answer = answer(name);
        if (answer.get("error") instanceof Map<?, ?> error) {
            throw new QmpException(name + ": " + error.get("desc"));
        }
        return answer.get("return");
    }

    private Map<String, @Nullable Object> answer(String name) throws IOException {
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_ANSWER_S);
            while (System.nanoTime() - end < 0) {
                Map<String, @Nullable Object> answer = answers.poll(50, TimeUnit.MILLISECONDS);
                if (answer != null) {
                    return answer;
                }
                if (gone) {
                    throw new QmpException(name + ": QEMU has ended");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QmpException(name + ": interrupted");
        }
        throw new QmpException(name + ": no answer in " + LONGEST_ANSWER_S + " s");
    }

    /**
     * Runs a command of the human monitor and returns its text.
     *
     * @throws IOException as {@link #execute}
     */
    public String human(String commandLine) throws IOException {
        Object text = execute("human-monitor-command", Map.of("command-line", commandLine));
        return text == null ? "" : text.toString().replace("\r\n", "\n");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // nothing was to be kept
        }
    }
}
