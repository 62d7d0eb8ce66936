package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the page on importers shows is done as a reader would do it: the example goes into a file, a shell runs the lines below it, and
 * the launcher starts a Java of its own. The program and its libraries are those of this build, behind jars that only point to them.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class PluginJarTest {
    private static final String CODE = "```java\n";
    private static final String CODE_END = "```\n";

    @TempDir
    private Path dir;

    @BeforeEach
    void install() throws IOException {
        Files.copy(Path.of("..", "iorewind"), dir.resolve("iorewind"));
        Path program = Files.createDirectories(dir.resolve("cli/target/iorewind"));
        pointer(program.resolve("iorewind.jar"));
        pointer(Files.createDirectories(program.resolve("lib")).resolve("all.jar"));
    }

    /** A jar with nothing in it but what the program's own says, and where this test's classes come from. */
    private static void pointer(Path jar) throws IOException {
        StringBuilder places = new StringBuilder();
        for (String place : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            places.append(Path.of(place).toAbsolutePath().toUri()).append(' ');
        }
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        attributes.putValue(
                "Add-Opens", "java.base/jdk.internal.misc java.base/java.lang.reflect java.base/java.util.zip");
        attributes.putValue("Add-Exports", "java.base/sun.nio.ch java.base/jdk.internal.ref");
        attributes.put(Attributes.Name.CLASS_PATH, places.toString().strip());
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }

    @Test
    void anImporterInAJarReadsAFile() throws Exception {
        Run run = follow("write-your-own-importer.md", "DmaListImporter.java");
        assertThat(run.code).as(run.printed).isEqualTo(ExitCode.OK);
        assertThat(CommandRun.of("dump", dir.resolve("list.iorw"), "--filter", "kind == 'DmaRequest'")
                        .out())
                .contains("00:06.0 read 0x1000", "00:06.1 write 0xffff");
    }

    private record Run(int code, String printed) {}

    private Run follow(String page, String file) throws IOException, InterruptedException {
        String text = Files.readString(Path.of("..", "docs", page)).replace("\r", "");
        int code = text.indexOf(CODE) + CODE.length();
        int end = text.indexOf(CODE_END, code);
        Files.writeString(dir.resolve(file), text.substring(code, end));
        List<String> lines = new ArrayList<>();
        for (String line : text.substring(end).split("\n", -1)) {
            if (line.startsWith(PageCommands.INDENT)) {
                lines.add(line.strip());
            }
        }
        assertThat(lines).hasSizeGreaterThan(4);
        ProcessBuilder builder = new ProcessBuilder("sh", "-e", "-c", String.join("\n", lines))
                .redirectErrorStream(true)
                .directory(dir.toFile());
        Path java = Path.of(System.getProperty("java.home"));
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment().put("PATH", dir + ":" + java.resolve("bin") + ":" + System.getenv("PATH"));
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), printed);
    }
}
