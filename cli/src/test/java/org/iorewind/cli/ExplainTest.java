package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A person who has only a kernel log is told what it means. Lines are of real machines, or built as the kernel builds them. */
class ExplainTest {
    @TempDir
    private Path dir;

    private static String fault(String at, String driver, String address, String flags) {
        return "[" + at + "] " + driver + " 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000d address="
                + address + " flags=" + flags + "]\n";
    }

    private static Map<String, String> explained(String log) throws IOException {
        return CommandRun.withInput(log, "explain", "-", "--json")
                .expect(ExitCode.FOUND)
                .json();
    }

    private static String firstCause(String log) throws IOException {
        return explained(log).get("faults.0.causes.0.cause");
    }

    @Test
    void faultsOfOneKindAtNeighbouringAddressesAreOneGroup() throws IOException {
        // dasharo-issues 1134
        Map<String, String> json = explained("""
                [   40.182570] ath10k_pci 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000d address=0xcff49550 flags=0x0070]
                [   40.282570] ath10k_pci 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000d address=0xcff49560 flags=0x0070]
                [  246.667117] ath10k_pci 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000d address=0xcedeb950 flags=0x0070]
                """);
        assertThat(json)
                .containsEntry("faults.0.kind", "IO_PAGE_FAULT")
                .containsEntry("faults.0.device", "0000:01:00.0")
                .containsEntry("faults.0.driver", "ath10k_pci")
                .containsEntry("faults.0.address", "0xcff49550")
                .containsEntry("faults.0.firstAddress", "0xcff49550")
                .containsEntry("faults.0.lastAddress", "0xcff49560")
                .containsEntry("faults.0.count", "2")
                .containsEntry("faults.0.access", "write")
                .containsEntry("faults.0.domain", "13")
                .containsEntry("faults.0.flags", "0x0070")
                .containsEntry("faults.0.firstTimeNs", "40182570000")
                .containsEntry("faults.0.lastTimeNs", "40282570000")
                .containsEntry("faults.1.count", "1")
                .containsEntry("count", "3")
                .doesNotContainKey("faults.2.kind");
        assertThat(json.get("faults.0.causes.0.cause")).contains("mapped for reading only");
        assertThat(json.get("faults.0.causes.0.likelihood")).isEqualTo("likely");
        assertThat(json.get("faults.0.causes.0.prove")).contains("dma_debug_driver=ath10k_pci");
    }

    @ParameterizedTest
    @CsvSource({
        // reference 4.1: the examples, and each bit
        "0x0070, PE=1 RW=1 PR=1 RZ=0 I=0 TR=0",
        "0x0000, PE=0 RW=0 PR=0 RZ=0 I=0 TR=0",
        "0x0020, PE=0 RW=1 PR=0 RZ=0 I=0 TR=0",
        "0x0050, PE=1 RW=0 PR=1 RZ=0 I=0 TR=0",
        "0x0090, PE=0 RW=0 PR=1 RZ=1 I=0 TR=0",
        "0x0108, PE=0 RW=0 PR=0 RZ=0 I=1 TR=1"
    })
    void flagsAreDecodedBitByBit(String flags, String expected) throws IOException {
        Map<String, String> json = explained(fault("  1.000000", "nvme", "0x1234000", flags));
        StringBuilder bits = new StringBuilder();
        for (int i = 0; json.containsKey("faults.0.flagBits." + i + ".name"); i++) {
            bits.append(json.get("faults.0.flagBits." + i + ".name")).append('=');
            bits.append(json.get("faults.0.flagBits." + i + ".value")).append(' ');
            assertThat(json.get("faults.0.flagBits." + i + ".meaning")).isNotEmpty();
        }
        assertThat(bits.toString().split(" ")).contains(expected.split(" "));
    }

    @Test
    void aNicThatFaultsAfterItsDriverIsGoneIsCalledThat() throws IOException {
        String log = "[  100.100000] e1000e 0000:01:00.0 eth0: NIC Link is Up\n"
                + fault("  200.000001", "pci", "0xffffe000", "0x0020")
                + fault("  200.000002", "pci", "0xffffe010", "0x0020")
                + fault("  200.000003", "pci", "0xffffe030", "0x0020");
        assertThat(firstCause(log)).contains("e1000e was unbound or unloaded");
        assertThat(explained(log).get("faults.0.causes.1.cause")).contains("ring of descriptors");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0x0            | 0x0000 | nvme     | is zero",
                "0x40           | 0x0000 | nvme     | is zero",
                "0xfee00000     | 0x0000 | nvme     | interrupt window",
                "0xfdf8000000   | 0x0020 | nvme     | reserved range",
                "0xffff888012340000 | 0x0020 | nvme | virtual address of the kernel",
                "0xffff0000     | 0x0020 | nvme     | unmapped or freed a buffer",
                "0x12340000     | 0x0090 | nvme     | reserved bit set",
                "0x12340000     | 0x0010 | nvme     | level that cannot follow",
                "0xfee01000     | 0x0008 | nvme     | sent an interrupt",
                "0x191c00000    | 0x0000 | vfio-pci | the guest that has the device",
                "0x7f0012345000 | 0x0001 | amdgpu   | address of a process"
            })
    void theFirstCauseFitsAddressFlagsAndDriver(String address, String flags, String driver, String words)
            throws IOException {
        assertThat(firstCause(fault("  500.000000", driver, address, flags))).contains(words);
    }

    @Test
    void aDeviceWithoutADomainIsCalledBlocked() throws IOException {
        // vfio-pci after a reset, a user's notes on passing a Navi10 through
        Map<String, String> json = explained("[ 1065.485086] vfio-pci 0000:06:00.0: AMD-Vi: Event logged"
                + " [IO_PAGE_FAULT domain=0x0000 address=0x342230000 flags=0x0050]\n");
        assertThat(json.get("faults.0.causes.0.cause")).contains("no domain of its own");
        assertThat(json.get("faults.0.causes.1.cause")).contains("guest");
    }

    @Test
    void aDeviceThatWasLeftRunningIsCalledThat() throws IOException {
        String start = "[    0.000000] Linux version 6.12.1\n";
        assertThat(firstCause(start + fault("    1.500000", "pci", "0x7a5e2000", "0x0000")))
                .contains("firmware or a boot loader left the device running");
        assertThat(firstCause(start
                        + "[    0.700000] AMD-Vi: Translation is already enabled - trying to copy translation structures\n"
                        + fault("    1.500000", "nvme", "0xffe5e000", "0x0000")))
                .contains("kernel before this one");
        assertThat(firstCause(start + "[  300.000000] PM: suspend exit\n"
                        + fault("  301.500000", "nvme", "0xffe5e000", "0x0000")))
                .contains("came back from sleep");
    }

    @Test
    void qemusOwnEntriesAreNotReadByTheSpecification() throws IOException {
        // captures amd-q11-l612-fault
        Map<String, String> json = explained("""
                [    9.356151] pci 0000:00:06.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0000 address=0x0 flags=0x0009]
                [    9.574010] pci 0000:00:06.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0000 address=0x0 flags=0x000a]
                """);
        assertThat(json)
                .containsEntry("faults.0.access", "read")
                .containsEntry("faults.1.access", "write")
                .containsEntry("faults.0.address", "0x0")
                .containsEntry("faults.0.flagBits", "");
        assertThat(json.get("faults.0.details.0")).contains("QEMU");
    }

    @Test
    void aDumpedDeviceTableEntryIsRead() throws IOException {
        // upstream commit ef75966abf95: HAD set and EPHEn forgotten in resume
        Map<String, String> json = explained("""
                Nov 14 11:52:19 Thinkbook kernel: iommu ivhd0: AMD-Vi: Event logged [ILLEGAL_DEV_TABLE_ENTRY device=0000:06:00.0 pasid=0x00000 address=0x135300000 flags=0x0080]
                Nov 14 11:52:19 Thinkbook kernel: AMD-Vi: DTE[0]: 7d90000000000003
                Nov 14 11:52:19 Thinkbook kernel: AMD-Vi: DTE[1]: 0000100103fc0009
                Nov 14 11:52:19 Thinkbook kernel: AMD-Vi: DTE[2]: 2000000117840013
                Nov 14 11:52:19 Thinkbook kernel: AMD-Vi: DTE[3]: 0000000000000000
                """);
        assertThat(json)
                .containsEntry("faults.0.kind", "ILLEGAL_DEV_TABLE_ENTRY")
                .containsEntry("faults.0.iommu", "ivhd0")
                .containsEntry("faults.0.device", "0000:06:00.0");
        // reference 2.2: bits 55, 61 and 62 of word 0; DomainID in word 1; IntTabLen and IntCtl in word 2
        assertThat(json.get("faults.0.details.0"))
                .contains("V=1 TV=1 Mode=0", "GV=1", "IR=1 IW=1", "DomainID 0x9", "IntTabLen=9", "IntCtl=2");
    }

    @Test
    void aDumpedCommandIsRead() throws IOException {
        // reference 3.3, 3.4: opcode in bits 63..60, 02h with bits 63..16 of word 0 reserved but the opcode
        Map<String, String> json = explained("""
                [   13.000000] iommu ivhd0: AMD-Vi: Event logged [ILLEGAL_COMMAND_ERROR address=0x10a000040]
                [   13.000001] AMD-Vi: CMD[0]: 00010600
                [   13.000002] AMD-Vi: CMD[1]: 20000000
                [   13.000003] AMD-Vi: CMD[2]: 00000000
                [   13.000004] AMD-Vi: CMD[3]: 00000000
                [   13.100000] AMD-Vi: Completion-Wait loop timed out
                """);
        assertThat(json.get("faults.0.details.0")).contains("INVALIDATE_DEVTAB_ENTRY");
        assertThat(json.get("faults.0.details.1")).contains("reserved bits are set in it: 0x10000 0x0");
        assertThat(json).containsEntry("faults.1.kind", "COMPLETION_WAIT_TIMEOUT");
        assertThat(json.get("faults.1.causes.0.cause")).contains("a command stopped the IOMMU");
    }

    @Test
    void aSilentDeviceExplainsTheWaits() throws IOException {
        // upstream commit 45beb31d3afb
        Map<String, String> json = explained("""
                [   13.000000] iommu ivhd0: AMD-Vi: Event logged [IOTLB_INV_TIMEOUT device=63:00.0 address=0x42b5b01a0]
                [   13.000000] iommu ivhd0: AMD-Vi: Event logged [IOTLB_INV_TIMEOUT device=63:00.0 address=0x42b5b01c0]
                [   13.100000] AMD-Vi: Completion-Wait loop timed out
                """);
        assertThat(json).containsEntry("faults.0.kind", "IOTLB_INV_TIMEOUT").containsEntry("faults.0.count", "2");
        assertThat(json.get("faults.0.causes.0.prove")).contains("pci=noats");
        assertThat(json.get("faults.1.causes.0.evidence")).contains("IOTLB_INV_TIMEOUT");
    }

    @Test
    void whatIsMissingAndWhatIsNotUnderstoodIsSaid() throws IOException {
        String log = "[172391.638255] amd_iommu_report_page_fault: 10432 callbacks suppressed\n"
                + fault("172391.638261", "nvidia", "0x4d7201180", "0x0020")
                + "[172392.000000] AMD-Vi: The moon is full\n";
        Map<String, String> json = explained(log);
        assertThat(json)
                .containsEntry("lost", "10432")
                .containsEntry("unparsed", "1")
                .containsEntry("unparsedExamples.0", "standard input:3: [172392.000000] AMD-Vi: The moon is full");
        assertThat(CommandRun.withInput(log, "explain", "-").out())
                .contains("At least 10,432 more lines", "1 line of AMD-Vi not understood", "The moon is full");
    }

    @Test
    void aLogWithoutFaultsIsCalmlyCalledThat() throws IOException {
        CommandRun run = CommandRun.withInput("[    5.113775] AMD-Vi: Interrupt remapping enabled\n", "explain", "-");
        assertThat(run.expect(ExitCode.OK).out()).startsWith("No fault in standard input");
        assertThat(CommandRun.withInput(
                                "[    5.113775] AMD-Vi: Interrupt remapping enabled\n", "explain", "-", "--json")
                        .expect(ExitCode.OK)
                        .json())
                .containsEntry("faults", "")
                .containsEntry("count", "0");
    }

    @Test
    void whatIsNoLogIsBadInput() throws IOException {
        assertThat(CommandRun.withInput("Dear Sir or Madam,\n", "explain", "-")
                        .expect(ExitCode.BAD_INPUT)
                        .err())
                .contains("standard input: ", "a kernel log");
        assertThat(CommandRun.withInput("", "explain", "-")
                        .expect(ExitCode.BAD_INPUT)
                        .err())
                .contains("an empty file");
        assertThat(CommandRun.of("explain", dir.resolve("none"))
                        .expect(ExitCode.BAD_INPUT)
                        .err())
                .contains("no such file");
        assertThat(CommandRun.withInput(
                                "[   15.211277] DMAR: [DMA Read NO_PASID] Request device [00:05.0] fault addr 0x100000"
                                        + " [fault reason 0x06] PTE Read access is not set\n",
                                "explain",
                                "-")
                        .expect(ExitCode.BAD_INPUT)
                        .err())
                .contains("1 fault of Intel VT-d");
        CommandRun.of("explain", "").expect(ExitCode.USAGE);
    }

    @Test
    void aTraceOfALogTellsTheSameAsTheLog() throws IOException {
        Path log = Files.writeString(
                dir.resolve("dmesg.txt"),
                fault("  1.000000", "nvme", "0xfffe0000", "0x0020")
                        + fault("  2.000000", "nvme", "0xfffe0040", "0x0020"));
        Path trace = dir.resolve("dmesg.iorw");
        CommandRun.of("import", "dmesg", log, "-o", trace).expect(ExitCode.OK);
        Map<String, String> ofLog = CommandRun.of("explain", log, "--json").json();
        Map<String, String> ofTrace = CommandRun.of("explain", trace, "--json").json();
        ofLog.remove("source");
        ofTrace.remove("source");
        assertThat(ofTrace).isEqualTo(ofLog).containsEntry("faults.0.count", "2");
        Path journal = dir.resolve("journal");
        CommandRun.of("import", "dmesg", log, "-o", journal).expect(ExitCode.OK);
        assertThat(CommandRun.of("explain", journal).expect(ExitCode.FOUND).out())
                .contains("0xfffe0000 to 0xfffe0040");
        assertThat(CommandRun.of("describe", trace, "--json").json()).containsEntry("session.fidelity", "log");
        assertThat(CommandRun.of("check", trace).expect(ExitCode.OK).out()).contains("intact");
        assertThat(CommandRun.of("dump", trace, "--filter", "kind == 'LogEntry'")
                        .out())
                .contains("IO_PAGE_FAULT");
        assertThat(CommandRun.of("replay", trace, "--json").json()).containsEntry("observations.divergences", "0");
        assertThat(CommandRun.of("report", trace, "--json")
                        .expect(ExitCode.FOUND)
                        .json())
                .containsEntry("verdict.outcome", "faults");
    }

    @Test
    void recordedMemoryIsBetterEvidenceThanALog() throws IOException {
        Path trace = dir.resolve("dma.iorw");
        CommandRun.of("record", "sample", "base-dma-v1", "-o", trace).expect(ExitCode.OK);
        Map<String, String> json =
                CommandRun.of("explain", trace, "--json").expect(ExitCode.FOUND).json();
        assertThat(json)
                .containsEntry("faults.0.kind", "IO_PAGE_FAULT")
                .containsEntry("faults.0.causes.0.likelihood", "certain");
        assertThat(json.get("faults.0.device")).startsWith("0000:");
        assertThat(json.get("faults.0.causes.0.commands.0")).startsWith("iorewind dump");
    }

    @Test
    void severalFilesAreOneLogAndAPipeIsRead() throws IOException {
        Path first = Files.writeString(dir.resolve("a"), fault("  1.000000", "nvme", "0xfffe0000", "0x0020"));
        Path second = Files.writeString(dir.resolve("b"), fault("  2.000000", "nvme", "0xfffe0040", "0x0020"));
        Map<String, String> json = CommandRun.of(
                        "import", "dmesg", first, second, "-o", dir.resolve("x.iorw"), "--json")
                .expect(ExitCode.OK)
                .json();
        assertThat(json).containsEntry("lines", "2").containsEntry("unparsed", "0");
        assertThat(CommandRun.withInput(
                                "AMD-Vi: The moon is full\n", "import", "dmesg", "-", "-o", dir.resolve("y.iorw"))
                        .expect(ExitCode.FOUND)
                        .out())
                .contains("1 line not understood");
        assertThat(List.of(dir.toFile().list())).contains("x.iorw", "y.iorw").hasSize(4);
    }
}
