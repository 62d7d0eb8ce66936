package org.iorewind.record.simpletrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.iorewind.record.DamagedImport;
import org.iorewind.record.DamagedImport.Damage;
import org.iorewind.record.ImportResult;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.trace.Progress;

/** Binary traces with bytes flipped, lost, doubled and made up. */
class DamagedSimpleTraceTest {
    static byte[] whole() {
        return new SimpleTraceEncoder()
                .event(5, "amdvi_mmio_write", "AMDVI_MMIO_COMMAND_TAIL", 0x2008L, 4, 0x20L, 0L)
                .event(6, "amdvi_command_exec", 0x10, 0x20, 0x11e6000L)
                .event(7, "amdvi_completion_wait", 0x11da000L, 1L)
                .event(8, "amdvi_iotlb_hit", 0, 2, 0, 0xffffe200L, 0x10aa2000L)
                .event(9, "amdvi_translation_result", 0, 2, 0, 0xffffe200L, 0x10aa2000L)
                .dropped(10, 12)
                .event(11, "amdvi_generate_msi_interrupt", "Mode: MSI")
                .event(12, "amdvi_page_fault", 0x100000L)
                .event(13, "amdvi_translation_result", 0, 6, 0, 0x100000L, 0L)
                .event(14, "edu_probe", "edu", -5L, 6L)
                .bytes();
    }

    @Provide
    Arbitrary<List<Damage>> damages() {
        return DamagedImport.damages(
                "\0", "\0\0\0\0", "\0\0\0\0\0\0\0\0", "\1", "\1\0\0\0\0\0\0\0", "\177\177\177\177", "amdvi_", "é");
    }

    private static ImportResult read(byte[] bytes) throws IOException {
        return DamagedImport.importOrRefuse(
                bytes,
                (file, events) -> SimpleTraceImport.run(
                        file, SimpleTraceImportTest.DECLARATIONS, events, ImportOptions.defaults(), Progress.NONE));
    }

    @Example
    void theTraceItselfIsUnderstoodWhole() throws IOException {
        assertThat(read(whole()).unparsedExamples()).isEmpty();
    }

    @Property(tries = 3000, shrinking = ShrinkingMode.BOUNDED)
    void aDamagedTraceIsReadOrRefusedAndEveryRecordAccountedFor(@ForAll("damages") List<Damage> damages)
            throws IOException {
        read(DamagedImport.apply(damages, whole()));
    }
}
