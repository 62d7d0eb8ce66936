package org.iorewind.cli.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.iorewind.cli.CommandRun;
import org.iorewind.cli.ExitCode;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Machines whose memory lies otherwise than in one piece from address 0, or whose processors store while a device works: the
 * tables are found, and every DMA is walked again as the device walked it.
 */
@Timeout(600)
class LiveVmMachinesTest {
    private static final String STEPS = "nvme,e1000e,unnvme,nvme,fault";
    private static final int MOST_ATTEMPTS = 3;

    @TempDir
    private Path folder;

    /** QEMU refuses an amd-iommu on any other machine than q35 by itself. */
    @ParameterizedTest(name = "{0}, QEMU {1} through the {2}")
    @CsvSource(delimiter = '|', textBlock = """
            6 GiB          | 11.1 | tap    | MEMORY=6G
            6 GiB          | 11.1 | fifo   | MEMORY=6G
            two nodes      | 11.1 | tap    | CPUS=2 MORE=-object/memory-backend-ram,id=a,size=256M/-object/memory-backend-ram,id=b,size=256M/-numa/node,memdev=a/-numa/node,memdev=b
            two processors | 11.1 | tap    | CPUS=2
            two processors | 11.1 | plugin | CPUS=2
            two processors | 10.0 | tap    | CPUS=2
            """)
    void theTablesAreFoundWhereverTheMemoryIs(String name, String qemu, String mode, String machine) throws Exception {
        VmTools.assumeMany();
        VmTools.assumeInstalled(qemu);
        int attempt = 1;
        while (!isRecorded(attempt, qemu, mode, machine)) {
            System.err.println("the guest hung; once more: " + name + ", QEMU " + qemu + " through the " + mode);
            attempt++;
            assertThat(attempt).as("attempts to boot").isLessThanOrEqualTo(MOST_ATTEMPTS);
        }
        Path trace = run(attempt).resolve("boot.iorw");
        Map<String, String> replay =
                CommandRun.of("replay", "--json", trace).expect(ExitCode.FOUND).json();
        assertThat(replay)
                .containsEntry("observations.divergences", "0")
                .containsEntry("observations.notComparable", "0")
                .containsEntry("fidelity", "full")
                .containsEntry("gaps", "0")
                .containsEntry("faultCount", "10");
        assertThat(Integer.parseInt(replay.get("events.byKind.Translation"))).isGreaterThan(200);
    }

    private Path run(int attempt) {
        return folder.resolve("run" + attempt);
    }

    /** False if the guest hung, which is no fault of the recorder's. */
    private boolean isRecorded(int attempt, String qemu, String mode, String machine) throws Exception {
        Path run = Files.createDirectory(run(attempt));
        Path trace = run.resolve("boot.iorw");
        try (Recording recording =
                Recording.startMachine(qemu, run, trace, STEPS, variables(machine), "--mode", mode)) {
            if (recording.guestHangs()) {
                return false;
            }
            assertThat(recording.end()).as(recording.messages()).isEqualTo(ExitCode.OK);
            assertThat(recording.console())
                    .contains("WORK: nvme wrote and read 256 KiB", "WORK: e1000e fetched", "WORK: done")
                    .doesNotContain("gave up waiting");
            return true;
        }
    }

    /** Variables of the script that names the command line; a slash stands for a blank. */
    private static Map<String, String> variables(String text) {
        Map<String, String> variables = new HashMap<>();
        for (String word : text.split(" ", -1)) {
            int equals = word.indexOf('=');
            variables.put(
                    "IOREWIND_VM_" + word.substring(0, equals),
                    word.substring(equals + 1).replace('/', ' '));
        }
        return variables;
    }
}
