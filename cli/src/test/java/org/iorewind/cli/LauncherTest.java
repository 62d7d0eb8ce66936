package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with a Java that only says what it was called with. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
    @TempDir
    private Path dir;

    private Path home = Path.of("");

    @BeforeEach
    void install() throws IOException {
        home = Files.createDirectories(dir.toRealPath().resolve("the home"));
        Files.copy(Path.of("..", "iorewind"), home.resolve("iorewind"));
        Files.createDirectories(home.resolve("cli/target/iorewind"));
        Files.createFile(home.resolve("cli/target/iorewind/iorewind.jar"));
    }

    @Test
    void theJarIsRunWithTheArgumentsAsTheyAre() throws Exception {
        Result result =
                run(java("17.0.15", ""), home.resolve("iorewind"), "dump", "my trace.iorw", "--filter", "a == 'b'");
        assertThat(result.code).isZero();
        assertThat(result.out)
                .containsSubsequence(
                        "<-jar>",
                        "<" + home.resolve("cli/target/iorewind/iorewind.jar") + ">",
                        "<dump>",
                        "<my trace.iorw>",
                        "<--filter>",
                        "<a == 'b'>")
                .doesNotContain("unsafe", "terminal=true");
    }

    @Test
    void theLauncherIsFoundThroughSymbolicLinks() throws Exception {
        Path bin = Files.createDirectories(dir.resolve("bin"));
        Path first = Files.createSymbolicLink(home.resolve("alias"), Path.of("iorewind"));
        Path second = Files.createSymbolicLink(bin.resolve("ior"), first.toAbsolutePath());
        Result result = run(java("17", ""), second, "help");
        assertThat(result.code).isZero();
        assertThat(result.out).contains("<" + home.resolve("cli/target/iorewind/iorewind.jar") + ">", "ior>");
    }

    @Test
    void theProgramIsCalledAsItWasTyped() throws Exception {
        Path launcher = home.resolve("iorewind");
        assertThat(run(java("17", ""), launcher, "help").out).contains("<-Diorewind.command=" + launcher + ">");
        String path = home + ":" + System.getenv("PATH");
        assertThat(run(Map.of("PATH", path), java("17", ""), launcher, "help").out)
                .contains("<-Diorewind.command=iorewind>");
    }

    @Test
    void aNewJavaIsToldNotToWarn() throws Exception {
        assertThat(run(java("25.0.3", ""), home.resolve("iorewind")).out)
                .contains("<--sun-misc-unsafe-memory-access=allow>");
        assertThat(run(java("21.0.1", ""), home.resolve("iorewind")).out).doesNotContain("unsafe");
    }

    @Test
    void javaIsGivenOneCollectorOnly() throws Exception {
        Path launcher = home.resolve("iorewind");
        for (String command : new String[] {"report", "record"}) {
            assertThat(run(java("17", ""), launcher, command, "qemu").out).containsOnlyOnce("<-XX:+UseSerialGC>");
        }
        for (String variable : new String[] {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"}) {
            Map<String, String> named = Map.of(variable, "-Xmx1g -XX:+UseZGC");
            assertThat(run(named, java("17", ""), launcher, "report").out)
                    .as(variable)
                    .doesNotContain("UseSerialGC");
            Map<String, String> inFile = Map.of(variable, "-XX:VMOptionsFile=java.opts");
            assertThat(run(inFile, java("17", ""), launcher, "report").out)
                    .as(variable)
                    .doesNotContain("UseSerialGC");
            Map<String, String> other = Map.of(variable, "-Xmx1g");
            assertThat(run(other, java("17", ""), launcher, "report").out)
                    .as(variable)
                    .contains("<-XX:+UseSerialGC>");
        }
    }

    @Test
    void javaRunsUnderALocaleThatCanNameEveryFile() throws Exception {
        Path java = java("17", "");
        Files.writeString(java.resolve("bin/java"), "#!/bin/sh\necho \"<${LC_ALL:-none}>\"\n");
        for (String locale : new String[] {"C", "POSIX", "de_DE.ISO-8859-1", ""}) {
            assertThat(runUnder(locale, java).out).as(locale).contains("<C.UTF-8>");
        }
        for (String locale : new String[] {"de_DE.UTF-8", "en_US.utf8"}) {
            assertThat(runUnder(locale, java).out).as(locale).contains("<" + locale + ">");
        }
    }

    private Result runUnder(String locale, Path java) throws IOException, InterruptedException {
        return run(Map.of("LC_ALL", locale, "LC_CTYPE", "", "LANG", ""), java, home.resolve("iorewind"), "help");
    }

    @Test
    void jarsOfOthersJoinTheClassPath() throws Exception {
        Path jar = Files.createFile(dir.resolve("my rules.jar"));
        Result result =
                run(Map.of("IOREWIND_PLUGINS", jar + ":plugins/*"), java("17", ""), home.resolve("iorewind"), "report");
        assertThat(result.code).isZero();
        assertThat(result.out)
                .contains("<" + home.resolve("cli/target/iorewind/iorewind.jar") + ":" + jar + ":plugins/*>")
                .contains("<org.iorewind.cli.Main>")
                .doesNotContain("<-jar>");
    }

    @Test
    void aJarThatIsNotThereIsNamed() throws Exception {
        Path jar = Files.createFile(dir.resolve("rules.jar"));
        Result result =
                run(Map.of("IOREWIND_PLUGINS", jar + ":ruels.jar"), java("17", ""), home.resolve("iorewind"), "report");
        assertThat(result.code).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(result.out).contains("IOREWIND_PLUGINS", "ruels.jar");
    }

    @Test
    void anOldJavaIsRefused() throws Exception {
        Result result = run(java("11.0.2", ""), home.resolve("iorewind"));
        assertThat(result.code).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(result.out).contains("expected Java 17 or newer, found Java 11");
    }

    @Test
    void aJavaWithoutAReleaseFileIsAsked() throws Exception {
        Path java = java("", "openjdk version \"1.8.0_402\"");
        assertThat(run(java, home.resolve("iorewind")).out).contains("found Java 1 at");
        Path newer = java("", "openjdk version \"21\" 2023-09-19");
        assertThat(run(newer, home.resolve("iorewind"), "help").out).contains("<help>");
    }

    @Test
    void aJavaHomeWithoutJavaIsNamed() throws Exception {
        Result result = run(dir.resolve("nowhere"), home.resolve("iorewind"));
        assertThat(result.code).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(result.out).contains("JAVA_HOME", "nowhere");
    }

    private record Result(int code, String out) {}

    /** A Java home whose java prints its arguments, one in angle brackets per line. */
    private Path java(String version, String answer) throws IOException {
        Path javaHome = Files.createTempDirectory(dir, "java");
        Path bin = Files.createDirectories(javaHome.resolve("bin"));
        String script = "#!/bin/sh\nif [ \"$1\" = -version ]; then echo '" + answer
                + "' >&2; exit; fi\nfor a; do printf '<%s>\\n' \"$a\"; done\n";
        Path java = Files.writeString(bin.resolve("java"), script);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (!version.isEmpty()) {
            Files.writeString(javaHome.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        }
        return javaHome;
    }

    private Result run(Path javaHome, Path script, String... args) throws IOException, InterruptedException {
        return run(Map.of(), javaHome, script, args);
    }

    private Result run(Map<String, String> environment, Path javaHome, Path script, String... args)
            throws IOException, InterruptedException {
        String[] command = new String[args.length + 2];
        command[0] = "sh";
        command[1] = script.toString();
        System.arraycopy(args, 0, command, 2, args.length);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).directory(dir.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_HOME", javaHome.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out);
    }
}
