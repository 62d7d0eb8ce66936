package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command around a recording, with a script in QEMU's place; real machines boot in the tests of {@code cli.vm}. */
class RecordQemuTest {
    private static final String DEVICE = "amd-iommu,intremap=on,dma-remap=on";

    @TempDir
    Path folder;

    private Path qemu = Path.of("");

    @BeforeEach
    void makeAScriptThatAnswersAsAQemuDoes() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")) && Files.isExecutable(Path.of("/usr/bin/mkfifo")));
        qemu = Files.writeString(folder.resolve("qemu-test"), """
                #!/bin/sh
                case "$*" in
                *--version*) echo 'QEMU emulator version 11.1.3 (Debian 1:11.1.3+ds-1~bpo13+1)'; exit ;;
                *'-d help'*) printf 'trace:PATTERN   enable trace events\\n'; exit ;;
                *'-trace help'*) printf 'amdvi_mmio_write\\namdvi_generate_msi_interrupt\\n'; exit ;;
                *amd-iommu,help*) printf 'amd-iommu options:\\n  dma-remap=<bool>       -  (default: off)\\n'; exit ;;
                esac
                while [ $# -gt 0 ]; do [ "$1" = -D ] && log=$2; shift; done
                {
                  echo '2026-11-22T14:42:50.000000Z amdvi_iotlb_reset IOTLB exceed size limit - reset '
                  echo '2026-11-22T14:42:50.000001Z amdvi_mmio_read AMDVI_MMIO_STATUS read addr 0x2020, size 4 offset 0x2020'
                } > "$log"
                exit 3
                """);
        Files.setPosixFilePermissions(qemu, PosixFilePermissions.fromString("rwx------"));
    }

    private CommandRun print(String... more) {
        return CommandRun.of(
                words(new Object[] {"record", "qemu", "--print", "--mode", "fifo", "--scratch", folder}, more));
    }

    private Object[] words(Object[] first, String... more) {
        Object[] words = new Object[first.length + 2 + more.length];
        System.arraycopy(first, 0, words, 0, first.length);
        words[first.length] = "--";
        words[first.length + 1] = qemu;
        System.arraycopy(more, 0, words, first.length + 2, more.length);
        return words;
    }

    private CommandRun record(Path trace, String... options) {
        Object[] first = new Object[7 + options.length];
        System.arraycopy(
                new Object[] {"record", "qemu", "-o", trace, "--mode", "fifo", "--scratch=" + folder}, 0, first, 0, 7);
        System.arraycopy(options, 0, first, 7, options.length);
        return CommandRun.of(words(first, "-device", DEVICE, "-m", "64"));
    }

    @Test
    void printShowsEachAddedWordWithItsReasonAndStartsNothing() {
        CommandRun run = print("-device", DEVICE, "-m", "64").expect(ExitCode.OK);
        assertThat(run.out())
                .contains("-trace 'amdvi_*'", "all events of the IOMMU are written", "memory-backend-file")
                .contains("What the recording can miss", "QEMU would be started as");
        assertThat(folder).isDirectoryNotContaining("glob:**iorewind-*");
    }

    @Test
    void printAsJsonNamesThePlan() throws IOException {
        Object[] first = {"record", "qemu", "--print", "--json", "--mode", "fifo", "--scratch", folder};
        Map<String, String> plan = CommandRun.of(words(first, "-device", "amd-iommu"))
                .expect(ExitCode.OK)
                .json();
        assertThat(plan)
                .containsEntry("mode", "fifo")
                .containsEntry("fidelity", "full")
                .containsEntry("profile", "qemu-11.1")
                .containsEntry("additions.0.words.0", "-object");
        assertThat(plan.get("warnings.0")).contains("dma-remap=on");
    }

    @Test
    void aCommandLineThatCannotBeRecordedIsWrongUsage() {
        assertThat(print("-m", "64").expect(ExitCode.USAGE).err()).contains("add -device amd-iommu");
        assertThat(print("-device", "intel-iommu").expect(ExitCode.BAD_INPUT).err())
                .contains("intel-iommu");
    }

    @Test
    void withoutATraceToMakeNothingIsStarted() {
        assertThat(CommandRun.of("record", "qemu", "--", qemu)
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("-o TRACE");
    }

    @Test
    void aQemuThatIsNotThereIsTheEnvironmentAndLeavesNoTrace() {
        Path trace = folder.resolve("trace");
        CommandRun run = CommandRun.of("record", "qemu", "-o", trace, "--", folder.resolve("absent"), "-M", "q35");
        assertThat(run.expect(ExitCode.ENVIRONMENT).err()).contains("no such program");
        assertThat(trace).doesNotExist();
    }

    @Test
    void aRecordingIsAJournalWithItsEndAndQemusExitCodeIsTold() throws IOException {
        Path trace = folder.resolve("trace");
        Map<String, String> result = record(trace, "--json").expect(ExitCode.OK).json();
        assertThat(result)
                .containsEntry("lines", "2")
                .containsEntry("gaps", "0")
                .containsEntry("qemuExitCode", "3")
                .containsEntry("reason", "FAILED");
        assertThat(CommandRun.of("check", trace).expect(ExitCode.OK).out()).contains("intact");
        assertThat(CommandRun.of("dump", trace, "--filter", "kind == 'SessionEnd'")
                        .out())
                .contains("exit code 3");
        assertThat(folder).isDirectoryNotContaining("glob:**iorewind-*");
    }

    @Test
    void anArchiveIsSealedAtTheEnd() {
        Path trace = folder.resolve("trace.iorw");
        Path metrics = folder.resolve("metrics");
        CommandRun run = record(trace, "--metrics=" + metrics).expect(ExitCode.OK);
        assertThat(run.out()).contains("trace.iorw", "from 2 lines", "QEMU ended with exit code 3");
        assertThat(trace).isRegularFile();
        assertThat(folder.resolve("trace.iorw.recording")).doesNotExist();
        assertThat(metrics).content().contains("iorewind_source_lines_total 2");
        assertThat(record(trace).expect(ExitCode.USAGE).err()).contains("--force");
        record(trace, "--force").expect(ExitCode.OK);
    }

    @Test
    void attachingNeedsAMonitor() {
        Path socket = folder.resolve("qmp");
        assertThat(CommandRun.of("record", "attach", socket, "-o", folder.resolve("trace"))
                        .expect(ExitCode.BAD_INPUT)
                        .err())
                .contains("monitor");
        assertThat(folder.resolve("trace")).doesNotExist();
    }
}
