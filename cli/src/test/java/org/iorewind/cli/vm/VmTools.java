package org.iorewind.cli.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The programs that {@code recorder/src/test/vm/fetch} gets, and the guest made of them. */
final class VmTools {
    private static final Path SCRIPTS =
            Path.of("..", "recorder", "src", "test", "vm").toAbsolutePath().normalize();
    private static final int PATIENCE_S = 60;

    private VmTools() {}

    /** Skips the test, and says what is missing; with {@code CI=true} that is a failure. */
    static void assumeInstalled(String qemu) {
        Path cache = cache();
        for (String needed : List.of("qemu-" + qemu, "linux", "busybox")) {
            boolean isThere = Files.exists(cache.resolve(needed));
            String message = "no " + needed + " in " + cache + ": run recorder/src/test/vm/fetch";
            assertThat(isThere || !"true".equals(System.getenv("CI")))
                    .as(message)
                    .isTrue();
            assumeTrue(isThere, message);
        }
    }

    /** Skips what takes long, where one boot is enough: {@code -Diorewind.vm=one}. */
    static void assumeMany() {
        assumeTrue(!"one".equals(System.getProperty("iorewind.vm")), "only one guest is wanted: -Diorewind.vm=one");
    }

    private static Path cache() {
        String given = System.getenv("IOREWIND_VM_CACHE");
        if (given != null && !given.isEmpty()) {
            return Path.of(given);
        }
        String caches = System.getenv("XDG_CACHE_HOME");
        Path home = caches == null || caches.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(caches);
        return home.resolve("iorewind").resolve("vm");
    }

    /**
     * The command line of a guest.
     *
     * @param qemu {@code 11.1} or {@code 10.0}
     * @param folder for its disk and its console
     * @param steps what it does, see {@code recorder/src/test/vm/init}
     * @param machine variables of the script that names it
     */
    static List<String> guest(String qemu, Path folder, String steps, Map<String, String> machine)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(SCRIPTS.resolve("guest").toString(), qemu, folder.toString(), steps)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(machine);
        Process script = builder.start();
        List<String> words = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(script.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        assertThat(script.exitValue())
                .as("the script that names the guest's command line")
                .isZero();
        return words;
    }
}
