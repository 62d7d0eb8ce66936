package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.StartState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command that writes, where it cannot: code 4, a message that names the output, the reason and what to do, and
 * nothing left behind. Mounts real file systems; where that is not allowed those cases are skipped, unless {@code
 * -Diorewind.mount.required=true}.
 */
class UnwritablePlaceTest {
    private static final int PAYLOAD = 32 * 1024;
    private static final int SMALL_DISK = 128 * 1024;

    @TempDir
    private Path dir;

    private Path trace = Path.of("");
    private Path lines = Path.of("");
    private Path log = Path.of("");
    private Path disk = Path.of("");

    /** Two mebibytes that no archive makes smaller: more than the disks here hold. */
    @BeforeEach
    void writeInputs() throws IOException {
        trace = dir.resolve("big.iorw");
        Random random = new Random(3);
        byte[] data = new byte[PAYLOAD];
        try (ArchiveWriter archive = ArchiveWriter.create(trace)) {
            EventWriter events = new EventWriter(archive);
            events.sessionStart(new SessionInfo(
                    1, 2, Fidelity.LOG, StartState.RESET, 1, 0, 0, 0, 0, 0, 0, "spec", "test", "", "Nothing."));
            for (int i = 0; i < 64; i++) {
                random.nextBytes(data);
                events.memoryWrite(MemoryOrigin.CPU_STORE, MemoryRegion.UNSPECIFIED, i, data, 0, data.length);
            }
            events.sessionEnd(EndReason.CLEAN, "");
        }
        lines = dir.resolve("big.jsonl");
        CommandRun.of("export", "jsonl", trace, "-o", lines).expect(ExitCode.OK);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60_000; i++) {
            text.append("amdvi_translation_result devid: 00:05.0 gpa 0x")
                    .append(Long.toHexString(random.nextLong() >>> 24 << 12))
                    .append(" hpa 0x")
                    .append(Long.toHexString(random.nextLong() >>> 24 << 12))
                    .append('\n');
        }
        log = Files.writeString(dir.resolve("qemu.log"), text);
        disk = Files.createDirectory(dir.resolve("disk"));
    }

    private boolean mounted;

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(new File("/dev/null"))
                        .start()
                        .waitFor()
                == 0;
    }

    private void mount(String options) throws IOException, InterruptedException {
        try {
            mounted = run("mount", "-t", "tmpfs", "-o", options, "none", disk.toString());
        } catch (IOException e) {
            mounted = false;
        }
        assumeTrue(mounted || Boolean.getBoolean("iorewind.mount.required"), "not allowed to mount here");
        assertThat(mounted).isTrue();
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted) {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    /** Every command that makes a file or a journal, each with an output of its own under a folder. */
    private List<List<Object>> commands(Path folder) {
        List<List<Object>> all = new ArrayList<>();
        for (String out : List.of("a.iorw", "journal")) {
            Path target = folder.resolve(out);
            all.add(List.of("import", "jsonl", lines, "-o", target));
            all.add(List.of("import", "qemu-log", log, "-o", target));
            all.add(List.of("repair", trace, "-o", target));
            all.add(List.of("merge", trace, trace, "-o", target));
            all.add(List.of("redact", trace, "-o", target));
        }
        all.add(List.of("seal", trace, "-o", folder.resolve("b.iorw")));
        all.add(List.of("split", trace, "--every", 60, "-o", folder.resolve("part.iorw")));
        all.add(List.of("export", "jsonl", trace, "-o", folder.resolve("c.jsonl")));
        return all;
    }

    private static CommandRun assertRefused(List<Object> command, Path folder) {
        CommandRun run = CommandRun.of(command.toArray());
        assertThat(run.code()).as("%s: %s", command, run.err()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(run.out()).as("%s", command).isEmpty();
        String last = run.err().lines().reduce("", (before, line) -> line);
        assertThat(last)
                .as("%s", command)
                .startsWith("iorewind: " + folder)
                .contains("expected", "found")
                .containsPattern("free some space|free space");
        return run;
    }

    private static void assertNothingIsLeft(Path folder, List<Object> command) throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("%s", command).isEmpty();
        }
    }

    @Test
    void aFullDiskIsNamedAndLeftAsItWas() throws Exception {
        mount("size=" + SMALL_DISK);
        for (List<Object> command : commands(disk)) {
            assertRefused(command, disk);
            assertNothingIsLeft(disk, command);
        }
    }

    /** A journal needs some mebibytes at once; here there is room to begin, and not to end. */
    @Test
    void aDiskThatBecomesFullIsNamedAndLeftAsItWas() throws Exception {
        mount("size=" + (7 << 20));
        List<Object> command = List.of("merge", trace, trace, trace, trace, "-o", disk.resolve("journal"));
        assertRefused(command, disk);
        assertNothingIsLeft(disk, command);
    }

    @Test
    void aFullDiskLeavesTheOlderTraceAlone() throws Exception {
        Path small = SmallTrace.write(dir.resolve("small.iorw"));
        mount("size=" + SMALL_DISK);
        Path target = Files.copy(small, disk.resolve("a.iorw"));
        for (List<Object> command : commands(disk)) {
            if (command.contains(target)) {
                List<Object> forced = new ArrayList<>(command);
                forced.add("--force");
                assertRefused(forced, disk);
                assertThat(target).hasSameBinaryContentAs(small);
            }
        }
    }

    @Test
    void aReadOnlyFileSystemIsNamed() throws Exception {
        mount("size=65536,ro");
        for (List<Object> command : commands(disk)) {
            assertThat(assertRefused(command, disk).err()).contains("Read-only file system");
        }
    }

    @Test
    void aMissingFolderIsNamed() {
        Path folder = dir.resolve("missing");
        for (List<Object> command : commands(folder)) {
            assertThat(assertRefused(command, folder).err())
                    .contains("no such file or directory", "check that the folder exists");
            assertThat(folder).doesNotExist();
        }
    }

    @Test
    void aFolderWithoutPermissionIsNamed() throws IOException {
        Path folder = Files.createDirectory(
                dir.resolve("locked"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
        assumeFalse(Files.isWritable(folder), "root may write everywhere");
        for (List<Object> command : commands(folder)) {
            assertThat(assertRefused(command, folder).err()).contains("no permission");
            assertNothingIsLeft(folder, command);
        }
    }
}
