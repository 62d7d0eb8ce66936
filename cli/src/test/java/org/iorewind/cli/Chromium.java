package org.iorewind.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A headless Chromium with one page, driven by its DevTools protocol on the loopback address. One thread. */
final class Chromium implements AutoCloseable {
    private static final long LONGEST_SECONDS = 60;
    private static final long FAREWELL_SECONDS = 10;
    private static final String LISTENING = "DevTools listening on ";

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final StringBuilder complaints = new StringBuilder();
    private String session = "";
    private int last;

    private Chromium(Process process, Path profile, String address) {
        this.process = process;
        this.profile = profile;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(address), new Listener())
                .join();
    }

    /** Where the program is, if it is on the PATH. */
    static Optional<Path> program() {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            Path candidate = Path.of(folder, "chromium");
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /**
     * Starts it and opens a page. Its own files lie in a temporary folder that {@link #close} deletes once nobody writes
     * there any more.
     *
     * @param page file to open
     */
    static Chromium open(Path program, Path page) throws IOException, InterruptedException {
        Path profile = Files.createTempDirectory("iorewind-chromium");
        Process process = new ProcessBuilder(List.of(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-breakpad",
                        "--disable-crash-reporter",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--force-color-profile=srgb",
                        "--hide-scrollbars",
                        "--host-resolver-rules=MAP * ~NOTFOUND",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "about:blank"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader errors =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        String line = errors.readLine();
        while (line != null && !line.startsWith(LISTENING)) {
            line = errors.readLine();
        }
        if (line == null) {
            throw new IllegalStateException("chromium did not start");
        }
        Thread drain = new Thread(() -> errors.lines().forEach(text -> {}));
        drain.setDaemon(true);
        drain.start();
        Chromium browser = new Chromium(process, profile, line.substring(LISTENING.length()));
        browser.load(page);
        return browser;
    }

    private void load(Path page) throws InterruptedException {
        String target =
                call("Target.createTarget", Map.of("url", "about:blank")).get("result.targetId");
        session = "";
        session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("result.sessionId");
        call("Runtime.enable", Map.of());
        call("Log.enable", Map.of());
        call("Page.enable", Map.of());
        size(1280, 900);
        call("Page.navigate", Map.of("url", page.toUri().toString()));
        await("document.readyState === 'complete' && location.protocol === 'file:'");
    }

    /** Sets the window's size. */
    void size(int width, int height) throws InterruptedException {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Shows the page as on paper, or as on a screen: {@code print}, {@code screen}; dark or not. */
    void media(String type, boolean dark) throws InterruptedException {
        String features = "[{\"name\":\"prefers-color-scheme\",\"value\":\"" + (dark ? "dark" : "light") + "\"}]";
        call("Emulation.setEmulatedMedia", Map.of("media", type, "features", new Raw(features)));
    }

    /** The value of an expression in the page, as text. */
    String value(String expression) throws InterruptedException {
        Map<String, String> answer =
                call("Runtime.evaluate", Map.of("expression", "String(" + expression + ")", "returnByValue", true));
        String value = answer.get("result.result.value");
        if (value == null || answer.containsKey("result.exceptionDetails")) {
            throw new AssertionError("the page cannot evaluate " + expression + ": " + answer);
        }
        return value;
    }

    /** Waits until an expression is true. */
    void await(String expression) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (!"true".equals(value(expression))) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never came true in the page: " + expression);
            }
        }
    }

    /** Presses a key. */
    void key(String key, String text) throws InterruptedException {
        call("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key, "text", text));
        call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
    }

    /** Presses, drags and releases the mouse. */
    void drag(int fromX, int fromY, int toX, int toY) throws InterruptedException {
        mouse("mouseMoved", fromX, fromY, 0);
        mouse("mousePressed", fromX, fromY, 1);
        mouse("mouseMoved", (fromX + toX) / 2, toY, 1);
        mouse("mouseMoved", toX, toY, 1);
        mouse("mouseReleased", toX, toY, 0);
    }

    /** Clicks. */
    void click(int x, int y) throws InterruptedException {
        mouse("mouseMoved", x, y, 0);
        mouse("mousePressed", x, y, 1);
        mouse("mouseReleased", x, y, 0);
    }

    private void mouse(String type, int x, int y, int buttons) throws InterruptedException {
        call(
                "Input.dispatchMouseEvent",
                Map.of("type", type, "x", x, "y", y, "button", "left", "buttons", buttons, "clickCount", 1));
    }

    /** A picture of what is in sight, as PNG. */
    byte[] picture() throws InterruptedException {
        String data = call("Page.captureScreenshot", Map.of("format", "png")).get("result.data");
        return Base64.getDecoder().decode(data == null ? "" : data);
    }

    /** All that the page's console and the browser complained of. */
    String complaints() {
        return complaints.toString();
    }

    private Map<String, String> call(String method, Map<String, Object> parameters) throws InterruptedException {
        int id = ++last;
        socket.sendText(request(id, method, parameters), true).join();
        while (true) {
            String message = messages.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no answer to " + method);
            }
            Map<String, String> fields = flat(message);
            String event = fields.getOrDefault("method", "");
            if (event.equals("Log.entryAdded")
                    || event.equals("Runtime.consoleAPICalled")
                    || event.equals("Runtime.exceptionThrown")) {
                complaints.append(message).append('\n');
            }
            if (Integer.toString(id).equals(fields.get("id"))) {
                if (fields.containsKey("error")) {
                    throw new AssertionError(method + ": " + message);
                }
                return fields;
            }
        }
    }

    /** JSON as it is. */
    private record Raw(String json) {}

    private String request(int id, String method, Map<String, Object> parameters) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("id", id);
            json.writeStringField("method", method);
            if (!session.isEmpty()) {
                json.writeStringField("sessionId", session);
            }
            json.writeObjectFieldStart("params");
            for (Map.Entry<String, Object> each : new TreeMap<>(parameters).entrySet()) {
                json.writeFieldName(each.getKey());
                if (each.getValue() instanceof Boolean flag) {
                    json.writeBoolean(flag);
                } else if (each.getValue() instanceof Integer number) {
                    json.writeNumber(number);
                } else if (each.getValue() instanceof Raw raw) {
                    json.writeRawValue(raw.json());
                } else {
                    json.writeString(each.getValue().toString());
                }
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** {@code {"a":{"b":1}}} is {@code a.b = 1}. */
    private static Map<String, String> flat(String message) {
        Map<String, String> fields = new TreeMap<>();
        try (JsonParser json = new JsonFactory().createParser(message)) {
            for (@Nullable JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                String pointer = json.getParsingContext().pathAsPointer().toString();
                String path = pointer.isEmpty() ? "" : pointer.substring(1).replace('/', '.');
                if (token.isScalarValue()) {
                    fields.put(path, json.getText());
                } else if (token == JsonToken.START_OBJECT) {
                    fields.put(path, "");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return fields;
    }

    /** Ends the browser with all its processes: those that outlive the first still write into the profile. */
    @Override
    public void close() {
        List<ProcessHandle> family = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        socket.abort();
        process.destroy();
        if (!ended(family)) {
            family.forEach(ProcessHandle::destroyForcibly);
            ended(family);
        }
        deleteProfile();
    }

    private static boolean ended(List<ProcessHandle> family) {
        CompletableFuture<?> all = CompletableFuture.allOf(
                family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new));
        try {
            all.get(FAREWELL_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A file that comes back while its folder is deleted is nothing a page could be blamed for: then it stays. */
    private void deleteProfile() {
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(each -> each.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("left behind: " + profile + " (" + e + ")");
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder part = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
            part.append(data);
            if (isLast) {
                messages.add(part.toString());
                part.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
