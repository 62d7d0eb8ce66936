package org.iorewind.model.platform.vmm.acpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.iorewind.model.platform.vmm.acpi.IvrsPlan.Features;
import org.iorewind.model.platform.vmm.topology.HostPlatform;
import org.iorewind.model.platform.vmm.topology.Topology;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * ACPICA judges the tables: {@code iasl}, or the program that {@code IOREWIND_IASL} names, disassembles them without a
 * complaint, and compiles what it disassembled to the same bytes, but for its own name as the creator. Without it the tests
 * are skipped; with {@code CI=true} that is a failure.
 *
 * <p>Versions before 20210331 know neither block 40h nor entry F0h. Of them a block 11h with the same content is asked, since
 * both have one layout, and entry F0h is skipped by name.
 */
class IvrsAcpicaTest {
    private static final Pattern VERSION = Pattern.compile("version (\\d{8})");
    private static final int FIRST_WITH_MIXED_BLOCKS = 20_210_331;
    private static final Features SOFTWARE = new Features(0x29D3, 0);
    private static final Features ROME = new Features(0x058F_77EF_2229_4ADEL, 0);

    @TempDir
    Path folder;

    private final String iasl = System.getenv().getOrDefault("IOREWIND_IASL", "iasl");
    private boolean knowsMixedBlocks;

    @BeforeEach
    void iaslIsInstalled() {
        Optional<String> version = run(iasl, "-v");
        if (version.isEmpty() && "true".equals(System.getenv("CI"))) {
            fail("expected ACPICA's iasl, found none: install acpica-tools");
        }
        assumeTrue(version.isPresent(), "no iasl: install acpica-tools");
        Matcher date = VERSION.matcher(version.orElseThrow());
        assertThat(date.find()).as(version.orElseThrow()).isTrue();
        knowsMixedBlocks = Integer.parseInt(date.group(1)) >= FIRST_WITH_MIXED_BLOCKS;
    }

    static Stream<Arguments> tables() {
        Topology software = Topology.ofDevices("amd-iommu,intremap=on", "virtio-net-pci", "pcie-root-port");
        Topology hybrid = Topology.of(
                "qemu -nodefaults -enable-kvm -machine q35,kernel-irqchip=split -device amd-iommu,intremap=on"
                        + " -device amd-viommu,host=0000:00:00.2,id=viommu0"
                        + " -device vfio-pci,host=0000:01:00.0,iommu=viommu0"
                        + " -device amd-viommu,host=0000:40:00.2,id=viommu1"
                        + " -device vfio-pci,host=0000:42:00.0,iommu=viommu1 -device virtio-net-pci",
                HostPlatform.withIommusOnBuses(0, 0x40));
        Topology ranges = Topology.ofDevices(
                "pcie-pci-bridge,id=b",
                "e1000,bus=b",
                "e1000,bus=b",
                "pxb-pcie,bus_nr=0x20,id=p",
                "amd-iommu",
                "amd-viommu,primary-bus=p,last-bus-nr=0x2F");
        IvrsPlan two = IvrsPlan.of(hybrid, List.of(SOFTWARE, ROME, ROME));
        return Stream.of(
                Arguments.of("10h", IvrsPlan.of(software, List.of(SOFTWARE)).withTypes(0x10)),
                Arguments.of("11h", IvrsPlan.of(software, List.of(SOFTWARE)).withTypes(0x11)),
                Arguments.of("40h", IvrsPlan.of(software, List.of(SOFTWARE)).withTypes(0x40)),
                Arguments.of("hybrid of three instances", two.withTypes(0x10, 0x11, 0x40)),
                Arguments.of("ranges and aliases", IvrsPlan.of(ranges, List.of(SOFTWARE, ROME))),
                Arguments.of(
                        "memory",
                        two.withMemory(
                                IvrsMemory.unity(0x20, 0x7F00_0000L, 0x10_0000),
                                IvrsMemory.unity(0x18, 0x20, 0x7E00_0000L, 0x1000),
                                IvrsMemory.exclusion(0x7D00_0000L, 0x2000))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tables")
    void acpicaReadsTheTableAndWritesItAgain(String name, IvrsPlan plan) throws IOException {
        byte[] bytes = IvrsWriter.write(asked(plan.table()));

        assertThat(throughAcpica(bytes)).isEqualTo(createdByAcpica(bytes));
    }

    @Test
    void acpicaReadsEveryKindOfEntry() throws IOException {
        List<IvrsEntry> entries = List.of(
                IvrsEntry.all(),
                IvrsEntry.select(0x10, 0xD7),
                IvrsEntry.rangeStart(0x100, 0x01),
                IvrsEntry.rangeEnd(0x1FF),
                IvrsEntry.aliasStart(0x310, 0x300, 0),
                IvrsEntry.rangeEnd(0x3FF),
                IvrsEntry.extended(0x400, 0, 1 << 31),
                new IvrsEntry(IvrsDescriptor.EXTENDED_START, 0x500, 0, 0, 1 << 31, ""),
                IvrsEntry.rangeEnd(0x5FF),
                IvrsEntry.special(IvrsDescriptor.IOAPIC, 7, 0xA0, 0xD7));
        IvrsUnit unit = new IvrsUnit(0x40, 0xB0, 2, 0x40, 0xFED8_0000L, 0, 0, 0, 0x29D3, 0, entries);
        byte[] bytes = IvrsWriter.write(asked(new IvrsTable(2, 0x2801, List.of(unit), List.of())));

        assertThat(throughAcpica(bytes)).isEqualTo(createdByAcpica(bytes));
    }

    /** ACPICA takes the image of EFR2 for a reserved field: it shows a value there, but compiles 0. */
    @Test
    void acpicaShowsTheSecondFeatureImage() throws IOException {
        IvrsPlan plan = IvrsPlan.of(Topology.ofDevices("amd-iommu"), List.of(new Features(0x29D3, 0x18)))
                .withTypes(0x11);
        Files.write(folder.resolve("efr2.dat"), IvrsWriter.write(plan.table()));

        assertNoComplaint(run(iasl, "-d", "efr2.dat").orElseThrow());

        assertThat(Files.readString(folder.resolve("efr2.dsl"), StandardCharsets.ISO_8859_1))
                .contains("00000000000029D3")
                .contains("0000000000000018");
    }

    @Test
    void acpicaReadsAcpiDevices() throws IOException {
        assumeTrue(knowsMixedBlocks, "this iasl does not know entry F0h: use one from 20210331 on");
        List<IvrsEntry> entries = List.of(IvrsEntry.acpiDevice(0xA5, "AMDI0040", "\\_SB.FUR0", 0xD7));
        IvrsUnit unit = new IvrsUnit(0x40, 0xB0, 2, 0x40, 0xFED8_0000L, 0, 0, 0, 0x29D3, 0, entries);
        byte[] bytes = IvrsWriter.write(new IvrsTable(2, 0x2801, List.of(unit), List.of()));

        assertThat(throughAcpica(bytes)).isEqualTo(createdByAcpica(bytes));
    }

    @Test
    void acpicaSeesThatAByteIsWrong() throws IOException {
        byte[] bytes = IvrsWriter.write(
                IvrsPlan.of(Topology.ofDevices("amd-iommu"), List.of(SOFTWARE)).table());
        bytes[IvrsDescriptor.CHECKSUM]++;
        Files.write(folder.resolve("bad.dat"), bytes);

        assertThat(run(iasl, "-d", "bad.dat").orElseThrow().toLowerCase()).contains("checksum");
    }

    /** The table as this version can judge it. */
    private IvrsTable asked(IvrsTable table) {
        if (knowsMixedBlocks) {
            return table;
        }
        List<IvrsUnit> units = table.units().stream()
                .map(unit -> unit.type() != IvrsDescriptor.UNIT_40
                        ? unit
                        : new IvrsUnit(
                                IvrsDescriptor.UNIT_11,
                                unit.flags(),
                                unit.deviceId(),
                                unit.capability(),
                                unit.mmioBase(),
                                unit.segment(),
                                unit.info(),
                                unit.features(),
                                unit.efr(),
                                unit.efr2(),
                                unit.entries()))
                .toList();
        return new IvrsTable(table.revision(), table.info(), units, table.memory());
    }

    /** The same bytes with the creator that the compiler writes, and the checksum of that. */
    private byte[] createdByAcpica(byte[] bytes) throws IOException {
        byte[] compiled = Files.readAllBytes(folder.resolve("again.aml"));
        byte[] expected = bytes.clone();
        System.arraycopy(compiled, IvrsDescriptor.CREATOR, expected, IvrsDescriptor.CREATOR, 2 * Integer.BYTES);
        expected[IvrsDescriptor.CHECKSUM] -= (byte) IvrsWriter.sum(expected, expected.length);
        return expected;
    }

    /** Disassembles and compiles; fails at any complaint. */
    private byte[] throughAcpica(byte[] bytes) throws IOException {
        Files.write(folder.resolve("ivrs.dat"), bytes);
        String said = run(iasl, "-d", "ivrs.dat").orElseThrow();
        assertThat(said).contains("Acpi Data Table [IVRS] decoded");
        assertNoComplaint(said);
        String text = Files.readString(folder.resolve("ivrs.dsl"), StandardCharsets.ISO_8859_1);
        assertThat(text).doesNotContain("Unknown").doesNotContain("Invalid").doesNotContain("Incorrect checksum");
        Files.delete(folder.resolve("ivrs.dat"));
        String compiled = run(iasl, "-p", "again", "ivrs.dsl").orElseThrow();
        assertThat(compiled).contains("0 Errors, 0 Warnings");
        return Files.readAllBytes(folder.resolve("again.aml"));
    }

    private static void assertNoComplaint(String said) {
        assertThat(said.toLowerCase())
                .doesNotContain("warning")
                .doesNotContain("error")
                .doesNotContain("invalid")
                .doesNotContain("unknown")
                .doesNotContain("incorrect");
    }

    private Optional<String> run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            return Optional.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
