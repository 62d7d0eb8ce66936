package org.iorewind.model.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.iorewind.model.qemu.Comparison.Difference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reference 12.5: random programs run on a real QEMU and on the model's profile of it, and leave no trace of a difference
 * that the deviation table does not name.
 */
class QemuDifferentialTest {
    private static final long SEED = Long.getLong("iorewind.qemu.seed", 20_261_122);
    private static final int PROGRAMS = Integer.getInteger("iorewind.qemu.programs", 100);

    /** With so many programs all that is worth comparing has come about. */
    private static final int ENOUGH_PROGRAMS = 100;

    private static final List<String> MET = List.of(
            "command",
            "granted",
            "granted by the IOTLB",
            "refused",
            "refused by the IOTLB",
            "interrupt let through",
            "interrupt refused",
            "own interrupt",
            "register read");

    @TempDir
    Path folder;

    @Test
    void theModelDoesWhatQemuDoes() {
        QemuBinary qemu = installedQemu();
        try (Bench bench = new Bench(qemu, folder)) {
            for (int i = 0; i < PROGRAMS; i++) {
                long seed = SEED + i;
                List<Step> program = ProgramGenerator.program(seed);
                Optional<Difference> difference = bench.run(program);
                if (difference.isPresent()) {
                    fail(story(bench, seed, program, difference.get()));
                }
            }
            if (PROGRAMS >= ENOUGH_PROGRAMS) {
                assertThat(bench.coverage()).containsKeys(MET.toArray(String[]::new));
            }
            System.out.println("compared with " + qemu.version() + ": programs=" + PROGRAMS + " " + bench.coverage());
        }
    }

    private static QemuBinary installedQemu() {
        String path = QemuBinary.configuredPath();
        Optional<String> version = QemuBinary.versionOf(path);
        boolean mustRun = "true".equals(System.getenv("CI"));
        if (mustRun) {
            assertThat(version)
                    .as("CI=true needs a QEMU to compare with; found none named " + path)
                    .isPresent();
        }
        assumeTrue(version.isPresent(), "no QEMU named " + path + " (install qemu-system-x86 or set IOREWIND_QEMU)");
        Optional<QemuBinary> qemu = QemuBinary.of(path, version.get());
        if (mustRun) {
            assertThat(qemu)
                    .as("CI=true needs a QEMU that a profile stands for; found " + version.get())
                    .isPresent();
        }
        assumeTrue(qemu.isPresent(), "no profile of the model stands for: " + version.get());
        return qemu.get();
    }

    private static String story(Bench bench, long seed, List<Step> program, Difference first) {
        List<Step> shortest =
                Shrinker.shrink(program, shorter -> bench.run(shorter).isPresent());
        String last = bench.run(shortest).map(Difference::text).orElse("gone when run again");
        return "seed " + seed + " (-Diorewind.qemu.seed=" + seed + " -Diorewind.qemu.programs=1): " + first.text()
                + "\nthe shortest program that fails: " + last + "\n"
                + shortest.stream().map(step -> "  " + step).collect(Collectors.joining("\n"));
    }
}
