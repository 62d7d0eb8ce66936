package org.iorewind.record.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the answers that a QEMU 11.1.3 gave, played back. */
class QmpClientTest {
    private static final String GREETING = "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 3, \"minor\": 1,"
            + " \"major\": 11}, \"package\": \"Debian 1:11.1.3+ds-1~bpo13+1\"}, \"capabilities\": [\"oob\"]}}";
    private static final String DONE = "{\"return\": {}}";

    @TempDir
    Path folder;

    /** Sends the first answer by itself, and one more for each line that comes. */
    private CompletableFuture<List<String>> answers(Path socket, String... answers) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        return CompletableFuture.supplyAsync(() -> {
            List<String> asked = new java.util.ArrayList<>();
            try (server;
                    SocketChannel client = server.accept()) {
                BufferedReader in = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
                for (int i = 0; i < answers.length; i++) {
                    if (i > 0) {
                        asked.add(in.readLine());
                    }
                    client.write(ByteBuffer.wrap((answers[i] + "\r\n").getBytes(StandardCharsets.UTF_8)));
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return asked;
        });
    }

    @Test
    void commandsAreAnsweredAndEventsToldInBetween() throws Exception {
        Path socket = folder.resolve("qmp");
        CompletableFuture<List<String>> asked = answers(
                socket,
                GREETING,
                DONE,
                "{\"timestamp\": {\"seconds\": 1795358786, \"microseconds\": 57986}, \"event\": \"RESUME\"}\r\n" + DONE,
                "{\"return\": \"00000000fed80000: 0x00000000011e4001\\r\\n\"}");
        BlockingQueue<QmpEvent> events = new ArrayBlockingQueue<>(4);
        try (QmpClient client = QmpClient.connect(socket, events::add)) {
            client.execute("cont", Map.of());
            assertThat(client.human("xp /1gx 0xfed80000")).isEqualTo("00000000fed80000: 0x00000000011e4001\n");
        }
        QmpEvent event = events.take();
        assertThat(event.name()).isEqualTo("RESUME");
        assertThat(event.unixNs()).isEqualTo(1_795_358_786_057_986_000L);
        assertThat(asked.get())
                .containsExactly(
                        "{\"execute\":\"qmp_capabilities\"}",
                        "{\"execute\":\"cont\"}",
                        "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"xp /1gx"
                                + " 0xfed80000\"}}");
    }

    @Test
    void aRefusalSaysWhatQemuSays() throws Exception {
        Path socket = folder.resolve("qmp");
        answers(
                socket,
                GREETING,
                DONE,
                "{\"error\": {\"class\": \"GenericError\", \"desc\": \"unknown event \\\"x\\\"\"}}");
        try (QmpClient client = QmpClient.connect(socket, event -> {})) {
            assertThatThrownBy(() -> client.execute("trace-event-set-state", Map.of("name", "x", "enable", true)))
                    .isInstanceOf(QmpException.class)
                    .hasMessage("trace-event-set-state: unknown event \"x\"");
        }
    }

    @Test
    void aQemuThatEndsAnswersNothing() throws Exception {
        Path socket = folder.resolve("qmp");
        answers(socket, GREETING, DONE);
        try (QmpClient client = QmpClient.connect(socket, event -> {})) {
            assertThatThrownBy(() -> client.execute("query-status", Map.of())).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whoeverSpeaksAnotherLanguageIsNoQemu() throws Exception {
        Path socket = folder.resolve("qmp");
        answers(socket, "220 mail.example ESMTP");
        assertThatThrownBy(() -> QmpClient.connect(socket, event -> {})).isInstanceOf(IOException.class);
    }
}
