package org.iorewind.model.platform.vmm.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * QEMU judges where devices stand: a real one is started with the same options, its processor stopped, and asked by
 * {@code query-pci}. The functions of the root buses must be the same. Without a QEMU the test is skipped; with {@code
 * CI=true} that is a failure.
 */
class QemuTopologyTest {
    private static final String QEMU = System.getenv().getOrDefault("IOREWIND_QEMU", "qemu-system-x86_64");
    /** Each function tells its bus, its slot and then its number. */
    private static final Pattern NUMBER = Pattern.compile("\"(bus|slot|function)\": (\\d+)");

    @BeforeEach
    void qemuIsInstalled() {
        boolean isThere = ask(List.of(QEMU, "--version"), "").contains("version");
        if (!isThere && "true".equals(System.getenv("CI"))) {
            fail("expected a QEMU, found none: " + QEMU);
        }
        assumeTrue(isThere, "no QEMU: " + QEMU);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-device ioh3420,bus=pcie.0,addr=1c.0,multifunction=on,port=1,chassis=1,id=root.1"
                        + " -device amd-iommu,intremap=on -device virtio-rng-pci",
                "-nodefaults -device virtio-rng-pci,addr=2 -device virtio-rng-pci -device amd-iommu"
                        + " -device virtio-rng-pci -device virtio-rng-pci,addr=0x1d",
                "-vga none -device edu -device pcie-root-port,id=a,chassis=1,slot=1,addr=3.0,multifunction=on"
                        + " -device pcie-root-port,id=b,chassis=1,slot=2,addr=3.1 -device ioh3420,id=c,chassis=4",
                "-nodefaults -vga std -device edu -device edu,addr=3,multifunction=on -device edu,addr=3.7",
                "-nic none -device virtio-vga -device edu",
                "-nodefaults -device pxb-pcie,bus_nr=0x20,id=p -device pcie-root-port,id=a,chassis=1"
                        + " -device pcie-root-port,id=b,chassis=2 -device edu,bus=pcie.0"
            })
    void theSameFunctionsStandOnTheSameRootBuses(String options) {
        Topology topology = Topology.of("qemu -machine q35 " + options, HostPlatform.single());
        Set<Integer> expected = new TreeSet<>();
        for (VirtualDevice device : topology.devices()) {
            int bus = device.address().bus();
            if (bus == 0 || bus == 0x20) {
                expected.add(device.address().deviceId());
            }
        }

        assertThat(functions(options)).isEqualTo(expected);
    }

    /** DeviceIDs of all functions; nothing stands behind a bridge here, whose bus has no number before a firmware runs. */
    private static Set<Integer> functions(String options) {
        List<String> command = new ArrayList<>(List.of(QEMU, "-S", "-display", "none", "-machine", "q35"));
        command.addAll(List.of("-qmp", "stdio"));
        command.addAll(List.of(options.split(" ")));
        String said = ask(
                command, "{\"execute\":\"qmp_capabilities\"}\n{\"execute\":\"query-pci\"}\n{\"execute\":\"quit\"}\n");
        Set<Integer> functions = new TreeSet<>();
        int bus = 0;
        int slot = 0;
        Matcher numbers = NUMBER.matcher(said);
        while (numbers.find()) {
            int number = Integer.parseInt(numbers.group(2));
            switch (numbers.group(1)) {
                case "bus" -> bus = number;
                case "slot" -> slot = number;
                default -> functions.add(new PciAddress(0, bus, slot, number).deviceId());
            }
        }
        assertThat(functions).as(said).isNotEmpty();
        return functions;
    }

    /** What a program says to an input; empty when it cannot be run. */
    private static String ask(List<String> command, String input) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
