package org.iorewind.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.json.JsonLinesExporter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reader in Python, made from the format page alone, sees the same events in real captures. */
class InteropTest {
    private static final Path READER = Path.of("..", "trace-format", "src", "interop", "read_archive.py");
    private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");
    private static String python = "";

    @TempDir
    Path folder;

    @BeforeAll
    static void findPython() throws IOException, InterruptedException {
        for (String candidate : PYTHONS) {
            if (exitCode(candidate, "-c", "import zstandard") == 0) {
                python = candidate;
                return;
            }
        }
        assumeTrue(false, "no python3 with the module zstandard (Debian: python3-zstandard)");
    }

    private static int exitCode(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }

    private static List<String> run(int expected, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(python, READER.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines;
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            lines = out.lines().toList();
        }
        assertThat(process.waitFor()).isEqualTo(expected);
        return lines;
    }

    static Stream<Capture> captures() {
        return Captures.list().stream();
    }

    @ParameterizedTest
    @MethodSource("captures")
    void everyCaptureHasTheSameBytes(Capture capture)
            throws IOException, InterruptedException, NoSuchAlgorithmException {
        Path archive = capture.traceIn(folder);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        long events = 0;
        try (TraceReader trace = Traces.open(archive);
                EventCursor cursor = trace.cursor()) {
            for (; cursor.next(); events++) {
                EventView event = cursor.event();
                byte[] frame = new byte[event.frameLength()];
                event.buffer().getBytes(event.offset(), frame);
                digest.update(frame);
            }
        }
        assertThat(run(0, archive.toString(), "--sum"))
                .containsExactly(events + " " + HexFormat.of().formatHex(digest.digest()));
    }

    @Test
    void everyLineOfACaptureAgreesWithTheExport() throws IOException, InterruptedException {
        Path archive = Captures.named("q11-qtest").orElseThrow().traceIn(folder);
        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        try (TraceReader trace = Traces.open(archive)) {
            JsonLinesExporter.export(trace, exported);
        }
        Map<String, Integer> ids =
                Stream.of(EventKind.values()).collect(Collectors.toMap(EventKind::label, EventKind::templateId));
        Pattern line = Pattern.compile("\\{\"seq\":(\\d+),\"kind\":\"(\\w+)\",\"timeNs\":(-?\\d+),.*");
        List<String> expected = exported.toString(UTF_8)
                .lines()
                .map(text -> {
                    Matcher matcher = line.matcher(text);
                    assertThat(matcher.matches()).as(text).isTrue();
                    return "{\"seq\": " + matcher.group(1) + ", \"kind\": " + ids.get(matcher.group(2))
                            + ", \"timeNs\": " + matcher.group(3);
                })
                .toList();
        assertThat(run(0, archive.toString()))
                .extracting(text -> text.substring(0, text.indexOf(", \"sha256\"")))
                .isEqualTo(expected);
    }

    @Test
    void aDamagedArchiveIsRefused() throws IOException, InterruptedException {
        Path archive = Captures.named("q11-qtest").orElseThrow().traceIn(folder);
        byte[] bytes = Files.readAllBytes(archive);
        for (int at : new int[] {9, 70, 2000, bytes.length - 100, bytes.length - 10}) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            Files.write(archive, damaged);
            run(3, archive.toString(), "--sum");
        }
    }
}
