package org.iorewind.cli.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.iorewind.cli.CommandRun;
import org.iorewind.cli.ExitCode;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Debian's Linux boots under QEMU with an {@code amd-iommu}, drives a disk and two network cards, and lets the {@code edu}
 * device use addresses that nobody mapped, while iorewind records it. What the guest says on its console is the truth that
 * the recording is held against.
 */
@Timeout(600)
class LiveVmTest {
    private static final Path JAVAS = Path.of("/usr/lib/jvm");
    private static final int FIRST_JAVA = 17;
    /** edu reads and writes by four bytes: 16 + 16 + 8 bytes are ten attempts. */
    private static final String ATTEMPTS = "10";

    @TempDir
    private Path folder;

    /** QEMU 10.0 prints no register values: there the monitor, or the plug-in, must tell where the device table is. */
    @ParameterizedTest(name = "QEMU {0} through the {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            11.1 | tap    | nvme,e1000e,virtio_net,fault
            11.1 | fifo   | nvme,e1000e,fault
            11.1 | plugin | lazy,nvme,e1000e,virtio_net,fault
            10.0 | tap    | nvme,e1000e,virtio_net,fault
            10.0 | plugin | lazy,nvme,e1000e,virtio_net,unnvme,nvme,fault
            """)
    void everyDmaOfABootingLinuxIsWalkedAgainAndTheFaultExplained(String qemu, String mode, String steps)
            throws Exception {
        if (!mode.equals("tap")) {
            VmTools.assumeMany();
        }
        VmTools.assumeInstalled(qemu);
        Path trace = folder.resolve("boot.iorw");
        try (Recording recording = Recording.start(qemu, folder, trace, steps, "--mode", mode)) {
            assertThat(recording.end()).as(recording.messages()).isEqualTo(ExitCode.OK);
            assertThat(recording.console())
                    .contains(
                            "WORK: nvme wrote and read 256 KiB",
                            "WORK: e1000e fetched",
                            "WORK: edu moved 8 bytes at 0x0fffe000, direction 3",
                            "WORK: done")
                    .doesNotContain("gave up waiting");
        }

        Map<String, String> replay =
                CommandRun.of("replay", "--json", trace).expect(ExitCode.FOUND).json();
        assertThat(replay)
                .containsEntry("profile", "qemu-" + qemu)
                .containsEntry("observations.divergences", "0")
                .containsEntry("observations.notComparable", "0")
                .containsEntry("fidelity", "full")
                .containsEntry("gaps", "0")
                .containsEntry("faultCount", ATTEMPTS);
        // The disk alone was read 64 times by the page, and 64 pages were written and read at once.
        assertThat(Integer.parseInt(replay.get("events.byKind.DmaRequest"))).isGreaterThan(200);
        assertThat(Integer.parseInt(replay.get("events.byKind.CommandConsumed")))
                .isGreaterThan(200);
        assertThat(replay.get("events.byKind.Translation")).isEqualTo(replay.get("events.byKind.DmaRequest"));

        assertThatTheFaultIsExplained(trace);
        for (Path home : otherJavas()) {
            assertThat(stateHash(home, trace)).as("state hash on %s", home).isEqualTo(replay.get("stateHash"));
        }
        assertThatALostStoreIsNoticed(trace);
    }

    private static void assertThatTheFaultIsExplained(Path trace) throws IOException {
        Map<String, String> report =
                CommandRun.of("report", "--json", trace).expect(ExitCode.FOUND).json();
        List<String> found = IntStream.range(0, 3)
                .mapToObj(i -> Stream.of("rule", "device", "firstAddress", "count")
                        .map(name -> report.get("findings." + i + "." + name))
                        .collect(Collectors.joining(" ")))
                .toList();
        assertThat(found)
                .containsExactlyInAnyOrder(
                        "never-mapped 00:06.0 0x100000 4",
                        "never-mapped 00:06.0 0x200010 4",
                        "never-mapped 00:06.0 0xfffe000 2");
        for (int i = 3; report.containsKey("findings." + i + ".rule"); i++) {
            assertThat(report).as("Linux keeps the protocol").containsEntry("findings." + i + ".severity", "info");
        }
        // Only memory tells this: the log has nothing but the address.
        assertThat(report.keySet()).anyMatch(key -> key.startsWith("findings.0.walk."));
    }

    /** Without every tenth of the recorded entries of page tables the same comparison must fail: it does compare. */
    private void assertThatALostStoreIsNoticed(Path trace) throws IOException {
        Path lines = folder.resolve("events.jsonl");
        CommandRun.of("export", "jsonl", trace, "-o", lines).expect(ExitCode.OK);
        List<String> events = new ArrayList<>(Files.readAllLines(lines));
        int stores = 0;
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).contains("\"TABLE_LEVEL_1\"")) {
                stores++;
                if (stores % 10 == 0) {
                    events.set(i, events.get(i).replaceFirst("\"address\":\"0x[0-9a-f]*", "\"address\":\"0x1ffff000"));
                }
            }
        }
        assertThat(stores).as("entries of page tables").isGreaterThan(100);
        Path wrong = folder.resolve("wrong.iorw");
        CommandRun.of("import", "jsonl", Files.write(lines, events), "-o", wrong)
                .expect(ExitCode.OK);
        Map<String, String> replay =
                CommandRun.of("replay", "--json", wrong).expect(ExitCode.FOUND).json();
        int unlike = Integer.parseInt(replay.get("observations.divergences"))
                + Integer.parseInt(replay.get("observations.notComparable"));
        assertThat(unlike).isPositive();
    }

    private static List<Path> otherJavas() throws IOException {
        if (!Files.isDirectory(JAVAS)) {
            return List.of();
        }
        String own = Integer.toString(Runtime.version().feature());
        List<Path> others = new ArrayList<>();
        try (Stream<Path> homes = Files.list(JAVAS)) {
            for (Path home : homes.filter(Files::isDirectory).sorted().toList()) {
                boolean usable = Files.isExecutable(home.resolve("bin/java")) && Files.exists(home.resolve("release"));
                if (usable
                        && !Recording.version(home).equals(own)
                        && Integer.parseInt(Recording.version(home)) >= FIRST_JAVA) {
                    others.add(home.toRealPath());
                }
            }
        }
        return others.stream().distinct().toList();
    }

    private String stateHash(Path home, Path trace) throws IOException, InterruptedException {
        List<String> command = Recording.java(home);
        command.addAll(List.of("replay", "--json", trace.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("other-java").toFile())
                .start();
        String json = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(() -> json + read(folder.resolve("other-java")))
                .isEqualTo(ExitCode.FOUND);
        return new CommandRun(ExitCode.FOUND, json, "").json().get("stateHash");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
