package org.iorewind.trace.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MissingFlagsTest {
    @TempDir
    Path directory;

    /** Without its flags Chronicle fails in one way, with half of them in another, which looks like success. */
    @ParameterizedTest
    @ValueSource(strings = {"java.base/jdk.internal.misc=ALL-UNNAMED", "java.base/java.lang.reflect=ALL-UNNAMED"})
    void aJvmWithoutTheFlagsIsToldWhichOnesItNeeds(String opened) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--add-opens",
                        "java.base/jdk.internal.misc=ALL-UNNAMED",
                        "--add-opens",
                        opened,
                        "-cp",
                        System.getProperty("java.class.path"),
                        AppendingProcess.class.getName(),
                        directory.resolve("journal").toString()))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(output)
                .contains("TraceStoreException")
                .contains("expected a queue that can be appended to")
                .contains("--add-exports java.base/sun.nio.ch=ALL-UNNAMED");
    }
}
