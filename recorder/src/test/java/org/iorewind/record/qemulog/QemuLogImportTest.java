package org.iorewind.record.qemulog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.iorewind.record.ImportResult;
import org.iorewind.record.RecordedEvents;
import org.iorewind.record.UnsupportedSourceException;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QemuLogImportTest {
    private static final List<EventKind> ALL = List.of(EventKind.values());

    @TempDir
    Path folder;

    private final RecordedEvents events = new RecordedEvents();

    private ImportResult read(String... lines) throws IOException {
        Path log = folder.resolve("qemu.trace");
        Files.write(log, List.of(lines));
        return QemuLogImport.run(List.of(log), events, ImportOptions.defaults(), Progress.NONE);
    }

    private List<String> of(EventKind kind, String... fields) {
        return events.lines(List.of(kind), fields);
    }

    private List<String> order() {
        return events.lines(ALL).stream()
                .filter(line -> !line.equals("SessionStart") && !line.equals("SessionEnd"))
                .toList();
    }

    @Test
    void aWriteOfTheTailStandsBeforeTheCommandItCaused() throws IOException {
        ImportResult result = read(
                "2026-11-22T14:44:31.405193Z amdvi_mmio_write AMDVI_MMIO_COMMAND_TAIL write addr 0x2008, size 4, val 0x20,"
                        + " offset 0x0",
                "2026-11-22T14:44:31.405196Z amdvi_command_exec command buffer head at 0x10 command buffer tail at 0x20"
                        + " command buffer base at 0x11e6000",
                "2026-11-22T14:44:31.405204Z amdvi_completion_wait completion wait requested with store address 0x11da000"
                        + " and store data 0x1");
        assertThat(result.unparsed()).isZero();
        assertThat(result.profile()).isEqualTo("qemu-11.1");
        assertThat(order()).containsExactly("MmioWrite", "CommandConsumed");
        assertThat(of(EventKind.MMIO_WRITE, "registerOffset", "size", "value"))
                .containsExactly("MmioWrite registerOffset=0x2008 size=4 value=0x20");
        assertThat(of(EventKind.COMMAND_CONSUMED, "ringHead", "qword0", "qword0Known", "qword1"))
                .containsExactly(
                        "CommandConsumed ringHead=0x10 qword0=0x10000000011da000 qword0Known=0xf00ffffffffffff8"
                                + " qword1=0x1");
    }

    @Test
    void pagesInvalTellsOpcodeAndDomainOnly() throws IOException {
        read(
                "amdvi_mmio_write X write addr 0x2008, size 4, val 0x10, offset 0x0",
                "amdvi_command_exec command buffer head at 0x0 command buffer tail at 0x10 command buffer base at 0x1000",
                "amdvi_pages_inval AMD-Vi pages for domain 0x5 invalidated");
        assertThat(of(EventKind.COMMAND_CONSUMED, "qword0", "qword0Known", "qword1Known"))
                .containsExactly(
                        "CommandConsumed qword0=0x3000000500000000 qword0Known=0xf000ffff00000000 qword1Known=0x0");
    }

    @Test
    void oneDmaIsARequestAndItsTranslation() throws IOException {
        read(
                "amdvi_cache_update  update iotlb domid 0x5 devid: 00:05.0 gpa 0xfffff1d0 hpa 0x177c7000",
                "amdvi_translation_result devid: 00:05.0 gpa 0xfffff1d0 hpa 0x177c7000",
                "amdvi_iotlb_hit hit iotlb devid 00:05.0 gpa 0xfffff1dc hpa 0x177c7000",
                "amdvi_translation_result devid: 00:05.0 gpa 0xfffff1dc hpa 0x177c7000");
        assertThat(order()).containsExactly("DmaRequest", "Translation", "DmaRequest", "Translation");
        assertThat(of(EventKind.TRANSLATION, "outcome", "cache", "requester", "domain", "address", "result"))
                .containsExactly(
                        "Translation outcome=TRANSLATED cache=MISS requester=00:05.0 domain=5 address=0xfffff1d0"
                                + " result=0x177c7000",
                        "Translation outcome=TRANSLATED cache=HIT requester=00:05.0 domain=4294967295 address=0xfffff1dc"
                                + " result=0x177c7000");
    }

    @Test
    void aFaultBringsItsLogEntryAndInterrupt() throws IOException {
        read(
                "amdvi_generate_msi_interrupt Mode: MSI",
                "amdvi_page_fault error: page fault accessing guest physical address 0x100000",
                "amdvi_translation_result devid: 00:06.0 gpa 0x100000 hpa 0x0");
        assertThat(order()).containsExactly("DmaRequest", "Translation", "LogEntry", "InterruptDelivered");
        assertThat(of(EventKind.TRANSLATION, "outcome", "requester", "address"))
                .containsExactly("Translation outcome=FAULT requester=00:06.0 address=0x100000");
        assertThat(of(EventKind.LOG_ENTRY, "qword0", "qword0Known"))
                .containsExactly("LogEntry qword0=0x2000000000000030 qword0Known=0xf00000000000ffff");
        assertThat(of(EventKind.INTERRUPT_DELIVERED, "outcome"))
                .containsExactly("InterruptDelivered outcome=IOMMU_OWN");
    }

    @Test
    void aResultOfZeroWithoutAnyOtherLineIsASilentRefusal() throws IOException {
        read("17160@1795358786.057986:amdvi_translation_result devid: 00:06.0 gpa 0x100000 hpa 0x0");
        assertThat(of(EventKind.TRANSLATION, "outcome")).containsExactly("Translation outcome=FAULT");
    }

    @Test
    void anAddressThatComesBackUnchangedWasPassed() throws IOException {
        read("amdvi_translation_result devid: 00:06.0 gpa 0x123456 hpa 0x123000");
        assertThat(of(EventKind.TRANSLATION, "outcome", "result"))
                .containsExactly("Translation outcome=PASSED result=0x123000");
    }

    @Test
    void beforeQemu102TheConsequenceTellsAWriteFromARead() throws IOException {
        ImportResult result = read(
                "7@1795358779.1:amdvi_all_inval Invalidation of all AMD-Vi cache requested ",
                "7@1795358779.361900:amdvi_mmio_read AMDVI_MMIO_CONTROL read addr 0x18, size 8 offset 0x18",
                "7@1795358779.361971:amdvi_mmio_read AMDVI_MMIO_CONTROL read addr 0x18, size 8 offset 0x18",
                "7@1795358779.361973:amdvi_control_status MMIO_STATUS state 0x482",
                "7@1795358779.361975:amdvi_command_error error: Executing commands with command buffer disabled 0x482",
                "7@1795358779.362078:amdvi_mmio_read AMDVI_MMIO_COMMAND_TAIL read addr 0x2008, size 4 offset 0x2008",
                "9@1795358779.362079:amdvi_iotlb_hit hit iotlb devid 00:05.0 gpa 0xf0 hpa 0x177c7000",
                "9@1795358779.362079:amdvi_translation_result devid: 00:05.0 gpa 0xf0 hpa 0x177c7000",
                "7@1795358779.362080:amdvi_command_exec command buffer head at 0x10 command buffer tail at 0x20 command"
                        + " buffer base at 0x1a0e000");
        assertThat(result.profile()).isEqualTo("qemu-10.0");
        assertThat(result.unparsed()).isEqualTo(1);
        assertThat(of(EventKind.MMIO_READ, "registerOffset", "flags"))
                .containsExactly("MmioRead registerOffset=0x18 flags=");
        assertThat(of(EventKind.MMIO_WRITE, "registerOffset", "value", "flags"))
                .containsExactly(
                        "MmioWrite registerOffset=0x18 value=0x482 flags=inferred",
                        "MmioWrite registerOffset=0x2008 value=0x20 flags=inferred");
        assertThat(of(EventKind.INJECTED_EVENT, "action", "address", "value"))
                .containsExactly("InjectedEvent action=FORCE_REGISTER address=0x8 value=0x900000001a0e000");
    }

    @Test
    void thePluginsLineTellsTheValueAndItsLaterPlaceDoesNotMatter() throws IOException {
        read(
                "7@1795358779.361900:amdvi_mmio_read AMDVI_MMIO_COMMAND_TAIL read addr 0x2008, size 4 offset 0x2008",
                "7@1795358779.361901:amdvi_command_exec command buffer head at 0x10 command buffer tail at 0x20 command"
                        + " buffer base at 0x1a0e000",
                "7@1795358779.361902:amdvi_pages_inval AMD-Vi pages for domain 0x5 invalidated",
                "mem I W 2008 4 20",
                "7@1795358779.361903:amdvi_mmio_read AMDVI_MMIO_CONTROL read addr 0x18, size 8 offset 0x18",
                "mem S C 1a0e020 8 10000000011da001");
        assertThat(order()).containsExactly("MmioWrite", "CommandConsumed", "MmioRead", "MemoryWrite");
        assertThat(of(EventKind.MMIO_WRITE, "value", "flags")).containsExactly("MmioWrite value=0x20 flags=");
        assertThat(of(EventKind.MEMORY_WRITE, "from", "region", "address", "data"))
                .containsExactly(
                        "MemoryWrite from=CPU_STORE region=COMMAND_RING address=0x1a0e020 data=01a01d0100000010");
    }

    @Test
    void aSixteenByteStoreIsLittleEndian() throws IOException {
        read("mem S D 11e5410 10 00000000000000aa20000000011f6013");
        assertThat(of(EventKind.MEMORY_WRITE, "data"))
                .containsExactly("MemoryWrite data=13601f0100000020aa00000000000000");
    }

    @Test
    void aPageIsZeroWhereNothingIsNamed() throws IOException {
        read("mem P 3 1874000 1 1ff=11", "mem P 3 1874000 2 1ff=11");
        List<String> pages = of(EventKind.MEMORY_WRITE, "from", "region", "data");
        assertThat(pages).hasSize(1);
        assertThat(pages.get(0))
                .startsWith("MemoryWrite from=SNAPSHOT region=TABLE_LEVEL_3 data=0000")
                .endsWith("1100000000000000");
    }

    @Test
    void malformedMemoryLinesAreCountedAndShown() throws IOException {
        ImportResult result =
                read("mem S D 11e5410 8 1", "mem S D zz 8 1", "mem P 3 1874000 2 1ff=11", "mem S D 0 11 0", "mem Q");
        assertThat(result.unparsed()).isEqualTo(3);
        assertThat(result.unparsedExamples()).hasSize(3);
        assertThat(result.unparsedExamples().get(0)).endsWith("qemu.trace:2: mem S D zz 8 1");
    }

    @Test
    void aRecordersReadingIsWrittenBeforeItsUseAndOnlyWhenNew() throws IOException {
        String translation = "amdvi_translation_result devid: 00:03.0 gpa 0xfffff002 hpa 0x2154000 |"
                + " dte@11e4300=600000000187b603,3,0,0 L3@187b018=6000000013f1f401 L2@13f1fff8=600000000187a201"
                + " L1@187aff8=7000000002154001";
        read(
                "amdvi_mmio_write X write addr 0x2008, size 4, val 0x10, offset 0x0",
                "amdvi_command_exec command buffer head at 0x0 command buffer tail at 0x10 command buffer base at 0x1000"
                        + " | cmd=3000000200000000,00000000fffdf002",
                "amdvi_iotlb_hit hit iotlb devid 00:03.0 gpa 0xfffff002 hpa 0x2154000",
                translation,
                "amdvi_iotlb_hit hit iotlb devid 00:03.0 gpa 0xfffff002 hpa 0x2154000",
                translation);
        assertThat(order())
                .containsExactly(
                        "MemoryWrite",
                        "MemoryWrite",
                        "MmioWrite",
                        "CommandConsumed",
                        "MemoryWrite",
                        "MemoryWrite",
                        "MemoryWrite",
                        "MemoryWrite",
                        "MemoryWrite",
                        "MemoryWrite",
                        "MemoryWrite",
                        "DmaRequest",
                        "Translation",
                        "DmaRequest",
                        "Translation");
    }

    @Test
    void stateAtAttachIsForcedAndStateAtTheEndIsCompared() throws IOException {
        read(
                "# state at attach, VM stopped",
                "reg 18 000000000003148f",
                "# lines while running",
                "amdvi_iotlb_hit hit iotlb devid 00:03.0 gpa 0xfffff002 hpa 0x2154000",
                "amdvi_translation_result devid: 00:03.0 gpa 0xfffff002 hpa 0x2154000",
                "# state at the end, VM stopped",
                "reg 2000 a10");
        assertThat(of(EventKind.SESSION_START, "startState")).containsExactly("SessionStart startState=ATTACHED");
        assertThat(of(EventKind.INJECTED_EVENT, "action", "address", "value"))
                .containsExactly("InjectedEvent action=FORCE_REGISTER address=0x18 value=0x3148f");
        assertThat(of(EventKind.MMIO_READ_VALUE, "report", "registerOffset", "value"))
                .containsExactly("MmioReadValue report=REPORTED registerOffset=0x2000 value=0xa10");
    }

    @Test
    void anInterruptIsARequestAndItsMessage() throws IOException {
        read(
                "amdvi_mem_ir_write_req addr 0x0 data 0x4 size 0x4",
                "amdvi_ir_remap_msi_req addr 0xfee00000 data 0x4 devid 0xa0",
                "amdvi_ir_delivery_mode fixed/arbitrated",
                "amdvi_ir_intctl int_ctl 0x2",
                "amdvi_ir_irte addr 0x11f6000 offset 0x40",
                "amdvi_ir_irte_ga_val hi 0x25 lo 0x1",
                "amdvi_ir_remap_msi (addr 0xfee00000, data 0x4) -> (addr 0xfee00000, data 0x4025)",
                "amdvi_mem_ir_write addr 0xfee00000 data 0x4025",
                "amdvi_ir_remap_msi_req addr 0xfee00000 data 0x5 devid 0xa0",
                "amdvi_ir_target_abort int_ctl abort",
                "amdvi_all_inval Invalidation of all AMD-Vi cache requested ");
        assertThat(of(EventKind.INTERRUPT_REQUEST, "requester", "address", "data", "flags"))
                .containsExactly(
                        "InterruptRequest requester=00:14.0 address=0xfee00000 data=0x4 flags=requesterTruncated",
                        "InterruptRequest requester=00:14.0 address=0xfee00000 data=0x5 flags=requesterTruncated");
        assertThat(of(EventKind.INTERRUPT_DELIVERED, "outcome", "data", "irteKnown", "irteAddress", "irteHigh"))
                .containsExactly(
                        "InterruptDelivered outcome=REMAPPED data=0x4025 irteKnown=16 irteAddress=0x11f6040 irteHigh=0x25",
                        "InterruptDelivered outcome=DROPPED data=0x0 irteKnown=0 irteAddress=0x0 irteHigh=0x0");
    }

    @Test
    void resetLinesMeanAResetOnlyWhereNothingElseExplainsThem() throws IOException {
        read(
                "amdvi_iotlb_reset IOTLB exceed size limit - reset ",
                "amdvi_iotlb_reset IOTLB exceed size limit - reset ",
                "amdvi_mmio_write X write addr 0x2008, size 4, val 0x10, offset 0x0",
                "amdvi_command_exec command buffer head at 0x0 command buffer tail at 0x10 command buffer base at 0x1000",
                "amdvi_iotlb_reset IOTLB exceed size limit - reset ",
                "amdvi_all_inval Invalidation of all AMD-Vi cache requested ",
                "amdvi_cache_update  update iotlb domid 0x5 devid: 00:05.0 gpa 0xfffff1d0 hpa 0x177c7000",
                "amdvi_iotlb_reset IOTLB exceed size limit - reset ",
                "amdvi_translation_result devid: 00:05.0 gpa 0xfffff1d0 hpa 0x177c7000");
        assertThat(order())
                .containsExactly("InjectedEvent", "MmioWrite", "CommandConsumed", "DmaRequest", "Translation");
    }

    @Test
    void theSameTextGivesTheSameSession() throws IOException {
        read("amdvi_all_inval Invalidation of all AMD-Vi cache requested ");
        List<String> first = of(EventKind.SESSION_START, "sessionIdHigh", "sessionIdLow");
        RecordedEvents again = new RecordedEvents();
        QemuLogImport.run(List.of(folder.resolve("qemu.trace")), again, ImportOptions.defaults(), Progress.NONE);
        assertThat(again.lines(List.of(EventKind.SESSION_START), "sessionIdHigh", "sessionIdLow"))
                .isEqualTo(first);
    }

    @Test
    void anotherVendorsLogIsRefusedByName() {
        assertThatThrownBy(() -> read("vtd_inv_desc invalidate desc type iec high 0x0 low 0x4"))
                .isInstanceOf(UnsupportedSourceException.class)
                .hasMessageContaining("Intel VT-d")
                .hasMessageContaining("not supported yet");
    }

    @Test
    void aTextWithoutOurLinesIsRefusedWithTheCommandToRecordOne() {
        assertThatThrownBy(() -> read("hello", "world"))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("none in 2 lines")
                .hasMessageContaining("-trace 'amdvi_*'");
    }
}
