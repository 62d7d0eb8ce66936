package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.iorewind.samples.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens a report from disk in a real browser. Skipped by name where there is no Chromium, except in CI. */
class ReportInBrowserTest {
    private static final long LONGEST_SECONDS = 90;

    @TempDir
    Path folder;

    @Test
    void theReportOfTheFaultCaptureOpensWithoutAConsoleError() throws IOException, InterruptedException {
        Optional<Path> chromium = onPath("chromium");
        boolean ci = "true".equals(System.getenv("CI"));
        assertThat(chromium.isPresent() || !ci).as("CI has chromium").isTrue();
        assumeTrue(chromium.isPresent(), "no chromium on the PATH");
        Path html = report();

        Path dom = folder.resolve("dom.html");
        Path messages = folder.resolve("messages.txt");
        Process browser = new ProcessBuilder(List.of(
                        chromium.orElseThrow().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--host-resolver-rules=MAP * ~NOTFOUND",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--enable-logging=stderr",
                        "--virtual-time-budget=2000",
                        "--dump-dom",
                        html.toUri().toString()))
                .redirectOutput(dom.toFile())
                .redirectError(messages.toFile())
                .start();
        assertThat(browser.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS))
                .as("the browser ends")
                .isTrue();
        assertThat(browser.exitValue()).isZero();

        assertThat(Files.readAllLines(messages)).noneMatch(line -> line.contains("CONSOLE"));
        String page = Files.readString(dom);
        assertThat(page).contains("00:06.0").contains("0x100000").contains("never-translated");
        assertThat(page).contains("memory was not recorded");
        assertThat(page).doesNotContain("<script").doesNotContain("src=").doesNotContain("href=\"http");
    }

    private Path report() {
        Path log = Captures.named("q11-linux612-fault").orElseThrow().extractTo(folder);
        Path trace = folder.resolve("fault.iorw");
        Path html = folder.resolve("fault.html");
        assertThat(CommandRun.of("import", "qemu-log", log.toString(), "-o", trace.toString())
                        .code())
                .isZero();
        assertThat(CommandRun.of("report", trace.toString(), "-o", html.toString())
                        .code())
                .isEqualTo(ExitCode.FOUND);
        return html;
    }

    private static Optional<Path> onPath(String program) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            Path candidate = Path.of(folder, program);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
