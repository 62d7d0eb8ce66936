package org.iorewind.record.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.agrona.DirectBuffer;
import org.iorewind.record.RecordedEvents;
import org.iorewind.record.qemu.Capabilities;
import org.iorewind.record.qemu.PlanOptions;
import org.iorewind.record.qemu.PlanOptions.WantedFidelity;
import org.iorewind.record.qemu.PlanOptions.WantedWay;
import org.iorewind.record.qemu.Planner;
import org.iorewind.record.qemu.QemuCommand;
import org.iorewind.record.qemu.QemuProbe;
import org.iorewind.record.qemu.RecordingPlan;
import org.iorewind.record.qemu.ScratchFiles;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.sbe.EndReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mechanics, with a shell script in QEMU's place that answers as a QEMU 11.1.3 does and plays lines of a real log back. */
class LiveRecordingTest {
    private static final Path SEED = Path.of("src", "test", "fuzz", "qemulog", "q11-linux612-annotated");

    @TempDir
    Path folder;

    private final RecordedEvents events = new RecordedEvents();
    private final ByteArrayOutputStream userLog = new ByteArrayOutputStream();
    private final List<String> notes = new ArrayList<>();
    private final StopRequests stops = new StopRequests();

    @BeforeEach
    void needsAShellAndNamedPipes() {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")) && Files.isExecutable(Path.of("/usr/bin/mkfifo")));
    }

    /** A script that finds the log's name behind -D and then does this. */
    private Path qemu(String work) throws IOException {
        String text = """
                #!/bin/sh
                case "$*" in
                *--version*) echo 'QEMU emulator version 11.1.3 (Debian 1:11.1.3+ds-1~bpo13+1)'; exit ;;
                *'-d help'*) printf 'trace:PATTERN   enable trace events\\nplugin          output from TCG plugins\\n'; exit ;;
                *'-trace help'*) printf 'amdvi_mmio_write\\namdvi_generate_msi_interrupt\\nvtd_inv_desc\\n'; exit ;;
                *amd-iommu,help*) printf 'amd-iommu options:\\n  dma-remap=<bool>       -  (default: off)\\n'; exit ;;
                esac
                while [ $# -gt 0 ]; do [ "$1" = -D ] && log=$2; shift; done
                """ + work + "\n";
        Path script = Files.writeString(folder.resolve("qemu-test"), text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private RecordingPlan plan(Path qemu, String... more) {
        List<String> words = new ArrayList<>(List.of(qemu.toString(), "-device", "amd-iommu,dma-remap=on", "-m", "64"));
        words.addAll(List.of(more));
        QemuCommand command = QemuCommand.of(words);
        return Planner.plan(
                command,
                QemuProbe.ask(command.program()),
                new PlanOptions(WantedFidelity.AUTO, WantedWay.FIFO, true),
                new ScratchFiles(folder),
                null,
                0);
    }

    private RecordingOutcome record(RecordingPlan plan, EventAppender appender) throws Exception {
        RecordingListener listener = new RecordingListener() {
            @Override
            public void status(RecordingStatus status) {
                // not looked at here
            }

            @Override
            public void note(String text) {
                notes.add(text);
            }
        };
        LiveOptions options = new LiveOptions(false, false, folder);
        try {
            return new LiveRecording(plan, new ScratchFiles(folder), appender, options, stops, listener)
                    .run(userLog, () -> {});
        } finally {
            // as the owner of the folder does
            Files.deleteIfExists(folder.resolve("log"));
            Files.deleteIfExists(folder.resolve("ram"));
        }
    }

    private List<String> end() {
        return events.lines(List.of(EventKind.SESSION_END), "reason", "note");
    }

    @Test
    void whatQemuCanDoIsFoundOut() throws IOException {
        Capabilities found = QemuProbe.ask(List.of(qemu("").toString()));
        assertThat(found.version().profile()).isEqualTo("qemu-11.1");
        assertThat(found.logsTraceEvents()).isTrue();
        assertThat(found.loadsPlugins()).isTrue();
        assertThat(found.traceEvents())
                .isEqualTo(new TreeSet<>(List.of("amdvi_mmio_write", "amdvi_generate_msi_interrupt")));
        assertThat(found.iommuOptions()).containsExactly("dma-remap");
        assertThat(found.printsRegisterValues()).isTrue();
    }

    @Test
    void everyLineOfALogIsRecordedAndTheEndToldWithItsReason() throws Exception {
        Path qemu = qemu("cat '" + SEED.toAbsolutePath() + "' > \"$log\"");
        RecordingOutcome outcome = record(plan(qemu), events);
        assertThat(outcome.result().lines()).isEqualTo(Files.readAllLines(SEED).size());
        assertThat(outcome.result().unparsed()).isZero();
        assertThat(outcome.reason()).isEqualTo(EndReason.CLEAN);
        assertThat(outcome.exitCode()).isZero();
        assertThat(end()).containsExactly("SessionEnd reason=CLEAN note=QEMU ended with exit code 0");
    }

    @Test
    void aQemuThatIsKilledLeavesAWholeTraceThatSaysSo() throws Exception {
        Path qemu = qemu("cat '" + SEED.toAbsolutePath() + "' > \"$log\"; kill -9 $$");
        RecordingOutcome outcome = record(plan(qemu), events);
        assertThat(outcome.killed()).isTrue();
        assertThat(outcome.result().lines()).isEqualTo(Files.readAllLines(SEED).size());
        assertThat(end()).containsExactly("SessionEnd reason=FAILED note=QEMU ended with killed by signal 9");
    }

    @Test
    void aQemuThatDoesNotStartIsNamedWithWhatItSaid() throws IOException {
        Path qemu = qemu("exit 1");
        assertThatThrownBy(() -> record(plan(qemu), events))
                .isInstanceOf(TraceStoreException.class)
                .hasMessageContaining("exit code 1");
    }

    @Test
    void aProgramThatIsNotThereIsNamed() throws IOException {
        RecordingPlan plan = plan(qemu(""));
        Files.delete(folder.resolve("qemu-test"));
        assertThatThrownBy(() -> record(plan, events))
                .isInstanceOf(TraceStoreException.class)
                .hasMessageContaining("no such program");
    }

    @Test
    void aTraceThatIsFullDoesNotStopTheMachine() throws Exception {
        // far more than a pipe and the lines on their way hold: the script ends only if somebody reads on
        Path qemu = qemu("i=0; while [ $i -lt 800 ]; do cat '" + SEED.toAbsolutePath()
                + "'; i=$((i+1)); done > \"$log\"; echo over > '" + folder.resolve("over") + "'");
        EventAppender small = new EventAppender() {
            private int room = 20;

            @Override
            public long append(DirectBuffer buffer, int offset, int lengthBytes) {
                if (room-- <= 0) {
                    throw new TraceStoreException("trace", "", "room for the next block", "0 bytes", "make room");
                }
                return events.append(buffer, offset, lengthBytes);
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
        RecordingOutcome outcome = record(plan(qemu), small);
        assertThat(folder.resolve("over")).exists();
        assertThat(outcome.failure()).isNotNull();
        assertThat(outcome.reason()).isEqualTo(EndReason.DISK_FULL);
        assertThat(outcome.unrecordedLines()).isPositive();
    }

    @Test
    void linesThatTheUserAskedForReachHim() throws Exception {
        Path qemu = qemu("printf 'guest did something odd\\namdvi_iotlb_reset IOTLB exceed size limit - reset \\n'"
                + " > \"$log\"");
        record(plan(qemu, "-d", "guest_errors"), events);
        assertThat(userLog.toString(StandardCharsets.UTF_8)).isEqualTo("guest did something odd\n");
        Path mine = folder.resolve("mine.log");
        record(plan(qemu, "-trace", "amdvi_*", "-D", mine.toString()), new RecordedEvents());
        assertThat(mine).content().startsWith("guest did something odd\namdvi_iotlb_reset");
    }

    @Test
    void aRamFileIsThereWithItsSizeBeforeQemuStarts() throws Exception {
        Path qemu = qemu("wc -c < '" + folder.resolve("ram") + "' > '" + folder.resolve("size")
                + "'; echo amdvi_iotlb_reset > \"$log\"");
        record(plan(qemu), events);
        assertThat(Files.readString(folder.resolve("size")).strip()).isEqualTo(String.valueOf(64 << 20));
    }
}
