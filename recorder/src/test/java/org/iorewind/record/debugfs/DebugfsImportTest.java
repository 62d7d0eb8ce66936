package org.iorewind.record.debugfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.iorewind.record.ImportResult;
import org.iorewind.record.RecordedEvents;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shapes of the lines are those of Linux's documentation of debugfs-amd-iommu and of its driver. */
class DebugfsImportTest {
    private static final String[] REGISTER = {"iommu", "action", "address", "value"};
    private static final String[] MEMORY = {"iommu", "region", "address", "data"};

    @TempDir
    Path folder;

    private final RecordedEvents events = new RecordedEvents();

    private ImportResult read(String... lines) throws IOException {
        Path text = folder.resolve("dump.txt");
        Files.write(text, List.of(lines));
        return DebugfsImport.run(List.of(text), events, Progress.NONE);
    }

    private List<String> of(EventKind kind, String... fields) {
        return events.lines(List.of(kind), fields);
    }

    @Test
    void registersAreForcedAndTablesLieWhereTheySay() throws IOException {
        ImportResult result = read(
                "iommu00/mmio:Offset:0x0 Value:0x0000000011e5001f",
                "iommu00/mmio:Offset:0x8 Value:0x0900000001a0e000",
                "iommu00/mmio:Offset:0x18 Value:0x000c22000003f48d",
                "devtbl:DeviceId             QWORD[3]         QWORD[2]         QWORD[1]         QWORD[0] iommu",
                "devtbl:0000:00:06.0 0000000000000000 20000001373b8013 0000000000000038 6000000114d7b603 iommu0",
                "irqtbl:DeviceId 0000:00:06.0",
                "irqtbl:IRT[0000] 0000000000000020 0000000000000241",
                "irqtbl:IRT[0031] 00000000000000ef 0000000000000001",
                "iommu00/cmdbuf:CMD Buffer Head Offset:339 Tail Offset:340",
                "iommu00/cmdbuf:  0: 00835001 10000001 00003c00 00000000",
                "iommu00/cmdbuf:511: 00000064 30000001 fffff003 7fffffff");
        assertThat(result.unparsed()).isZero();
        assertThat(of(EventKind.INJECTED_EVENT, REGISTER))
                .containsExactly(
                        "InjectedEvent iommu=0 action=FORCE_REGISTER address=0x0 value=0x11e5001f",
                        "InjectedEvent iommu=0 action=FORCE_REGISTER address=0x8 value=0x900000001a0e000",
                        "InjectedEvent iommu=0 action=FORCE_REGISTER address=0x18 value=0xc22000003f48d",
                        "InjectedEvent iommu=0 action=FORCE_REGISTER address=0x2000 value=0x1530",
                        "InjectedEvent iommu=0 action=FORCE_REGISTER address=0x2008 value=0x1540");
        assertThat(of(EventKind.MEMORY_WRITE, "region", "address"))
                .containsExactly(
                        "MemoryWrite region=COMMAND_RING address=0x1a0e000",
                        "MemoryWrite region=COMMAND_RING address=0x1a0fff0",
                        "MemoryWrite region=DEVICE_TABLE address=0x11e50600",
                        "MemoryWrite region=INTERRUPT_TABLE address=0x1373b8000",
                        "MemoryWrite region=INTERRUPT_TABLE address=0x1373b81f0");
        assertThat(of(EventKind.MEMORY_WRITE, "data"))
                .contains(
                        "MemoryWrite data=015083000100001000" + "3c000000000000",
                        "MemoryWrite data=03b6d7140100006038000000000000001380" + "3b37010000200000000000000000",
                        "MemoryWrite data=41020000000000002000000000000000");
        assertThat(events.timesNs()).containsOnly(0L);
    }

    @Test
    void severalIommusAreToldApartByTheirPaths() throws IOException {
        read(
                "==> /sys/kernel/debug/iommu/amd/iommu01/mmio <==",
                "Offset:0x30 Value:0x246577efa2254afa",
                "",
                "==> /sys/kernel/debug/iommu/amd/iommu01/capability <==",
                "Offset:0x0 Value:0x190b640f",
                "==> /sys/kernel/debug/iommu/amd/iommu00/mmio <==",
                "Offset:0x18 Value:0x000c22000003f48d");
        assertThat(of(EventKind.IOMMU_START, "iommu", "extendedFeatures"))
                .containsExactly("IommuStart iommu=1 extendedFeatures=0x246577efa2254afa");
        assertThat(of(EventKind.INJECTED_EVENT, REGISTER))
                .containsExactly(
                        "InjectedEvent iommu=0 action=FORCE_REGISTER address=0x18 value=0xc22000003f48d",
                        "InjectedEvent iommu=1 action=FORCE_REGISTER address=0x30 value=0x246577efa2254afa");
        assertThat(of(EventKind.MARK, "text")).containsExactly("Mark text=capability +0x0 = 0x190b640f");
    }

    @Test
    void aFileInItsOwnFolderTellsItsIommuByItsPath() throws IOException {
        Path unit = Files.createDirectories(folder.resolve("amd").resolve("iommu02"));
        Path mmio = unit.resolve("mmio");
        Files.writeString(mmio, "Offset:0x18 Value:0x0000000000000001\n");
        Path other = unit.resolve("notes.txt");
        Files.writeString(other, "Offset:0x8 Value:0x0000000000000002\n");
        DebugfsImport.run(List.of(mmio, other), events, Progress.NONE);
        assertThat(of(EventKind.INJECTED_EVENT, REGISTER))
                .containsExactly(
                        "InjectedEvent iommu=0 action=FORCE_REGISTER address=0x8 value=0x2",
                        "InjectedEvent iommu=2 action=FORCE_REGISTER address=0x18 value=0x1");
    }

    @Test
    void entriesWithoutAPlaceStayReadable() throws IOException {
        read(
                "0000:00:06.0 0000000000000000 20000001373b8013 0000000000000038 6000000114d7b603 iommu0",
                "DeviceId 0000:00:07.0",
                "IRT[0001] 0004ef01",
                "  0: 00835001 10000001 00003c00 00000000");
        assertThat(of(EventKind.MEMORY_WRITE)).isEmpty();
        assertThat(of(EventKind.MARK, "text"))
                .containsExactly(
                        "Mark text=1 commands, whose place only register 0x8 tells",
                        "Mark text=device table entry of 0000:00:06.0: 0x6000000114d7b603 0x38 0x20000001373b8013 0x0,"
                                + " whose place no register tells",
                        "Mark text=1 interrupt table entries of 0000:00:07.0, whose place only its device table entry"
                                + " tells");
        assertThat(of(EventKind.SESSION_END, "note"))
                .containsExactly("SessionEnd note=end of the state; entries without a place: 3");
    }

    @Test
    void shortInterruptEntriesAreFourBytes() throws IOException {
        read(
                "Offset:0x0 Value:0x0000000011e5001f",
                "0000:00:06.0 0000000000000000 20000001373b8013 0000000000000038 6000000114d7b603 iommu0",
                "DeviceId 0000:00:06.0",
                "IRT[0002] 0004ef01");
        assertThat(of(EventKind.MEMORY_WRITE, MEMORY))
                .contains("MemoryWrite iommu=0 region=INTERRUPT_TABLE address=0x1373b8008 data=01ef0400");
    }

    @Test
    void aSegmentedDeviceTableIsNotGuessedAt() throws IOException {
        read(
                "Offset:0x0 Value:0x0000000011e5001f",
                "Offset:0x18 Value:0x0000001000000001",
                "0000:00:06.0 0000000000000000 20000001373b8013 0000000000000038 6000000114d7b603 iommu0");
        assertThat(of(EventKind.MEMORY_WRITE)).isEmpty();
        assertThat(of(EventKind.MARK)).hasSize(1);
    }

    @Test
    void whatTheKernelCannotShowIsCounted() throws IOException {
        ImportResult result = read(
                "Please provide mmio register's offset",
                "No or Invalid input provided",
                "Interrupt remapping is disabled",
                "0000:00:06.0",
                "Offset:0x18 Value:0x000c22000003f48d");
        assertThat(result.unparsed()).isZero();
        assertThat(result.folded()).containsOnly(Map.entry("state", 1L), Map.entry("heading", 1L));
        assertThat(result.skipped()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Offset:0x18 Value:0x000c2200",
                "Offset:0x18 Value:0x000c22000003f48",
                "Offset:18 Value:0x000c22000003f48d",
                "IRT[0001] 0004ef01",
                "0000:00:06.0 00 20000001373b8013 0000000000000038 6000000114d7b603 iommu0",
                "0000:00:26.0 0000000000000000 20000001373b8013 0000000000000038 6000000114d7b603 iommu0",
                "99999: 00835001 10000001 00003c00 00000000",
                "iommu255/mmio:Offset:0x18 Value:0x000c22000003f48d"
            })
    void aDamagedLineIsReported(String line) throws IOException {
        ImportResult result = read("Offset:0x30 Value:0x246577efa2254afa", line);
        boolean capability = line.equals("Offset:0x18 Value:0x000c2200");
        assertThat(result.unparsed()).isEqualTo(capability ? 0 : 1);
    }

    @Test
    void nothingOfAStateIsRefused() {
        assertThatThrownBy(() -> read("Please provide mmio register's offset"))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("CONFIG_AMD_IOMMU_DEBUGFS");
    }
}
