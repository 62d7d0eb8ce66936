package org.iorewind.record.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the build made of the C parts. Without a C compiler tests that need them are skipped by name; in CI they fail. */
final class NativeParts {
    private static final Path EXAMPLE = Path.of("target/native/record_million");

    private NativeParts() {}

    /** The example {@code record_million.c}. */
    static Path example() {
        require(Files.isExecutable(EXAMPLE), "no C compiler: the example in C was not built");
        return EXAMPLE.toAbsolutePath();
    }

    /** Compiles one C file of the tests, and returns the program. */
    static Path compile(String source, Path folder) throws IOException {
        Path program = folder.resolve(source.replace(".c", ""));
        Process compiler;
        try {
            compiler = start(
                    Path.of("cc"), "-O2", "-D_FORTIFY_SOURCE=2", "-rdynamic", "-o", program, "src/test/c/" + source);
        } catch (IOException e) {
            require(false, "no C compiler (cc): " + source + " was not compiled");
            throw e;
        }
        assertThat(output(compiler)).isEmpty();
        return program;
    }

    static void require(boolean isThere, String what) {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(isThere).as(what).isTrue();
        }
        assumeTrue(isThere, what);
    }

    static Process start(Path program, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Waits for the end of a process and returns what it printed. */
    static String output(Process process) throws IOException {
        try (java.io.InputStream in = process.getInputStream()) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
        }
    }
}
