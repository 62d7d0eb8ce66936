package org.iorewind.record.debugfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.iorewind.record.RecordedEvents;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceFormatException;

/** Dumps with bytes and lines flipped, lost, doubled and made up. */
class DamagedDebugfsTest {
    private static final String TEXT = """
            iommu00/mmio:Offset:0x0 Value:0x0000000011e5001f
            iommu00/mmio:Offset:0x8 Value:0x0900000001a0e000
            ==> /sys/kernel/debug/iommu/amd/iommu01/capability <==
            Offset:0x0 Value:0x190b640f
            devtbl:DeviceId             QWORD[3]         QWORD[2]         QWORD[1]         QWORD[0] iommu
            devtbl:0000:00:06.0 0000000000000000 20000001373b8013 0000000000000038 6000000114d7b603 iommu0
            irqtbl:DeviceId 0000:00:06.0
            irqtbl:IRT[0000] 0000000000000020 0000000000000241
            irqtbl:IRT[0031] 0004ef01
            iommu00/cmdbuf:CMD Buffer Head Offset:339 Tail Offset:340
            iommu00/cmdbuf:  0: 00835001 10000001 00003c00 00000000
            Please provide mmio register's offset
            0000:00:06.0
            """;

    @Provide
    Arbitrary<List<Damage>> damages() {
        return DamagedImport.damages(
                " ", ":", "0x", "\n", "iommu255/mmio:", "ffffffff", "é", "/", "0000:ff:1f.7 ", "1");
    }

    @Example
    void theTextItselfIsUnderstoodWhole() throws IOException {
        assertThat(read(TEXT.getBytes(UTF_8)).unparsedExamples()).isEmpty();
    }

    @Property(tries = 3000, shrinking = ShrinkingMode.BOUNDED)
    void aDamagedDumpIsReadOrRefusedAndEveryLineAccountedFor(@ForAll("damages") List<Damage> damages)
            throws IOException {
        try {
            read(DamagedImport.apply(damages, TEXT.getBytes(UTF_8)));
        } catch (TraceFormatException e) {
            assertThat(e).hasMessageContaining("expected");
        }
    }

    /** Here every line is counted: what it says comes later, in the order of the state. */
    private static ImportResult read(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("damaged", ".dump");
        try {
            Files.write(file, bytes);
            ImportResult result = DebugfsImport.run(List.of(file), new RecordedEvents(), Progress.NONE);
            long counted = result.skipped().values().stream().mapToLong(n -> n).sum()
                    + result.folded().values().stream().mapToLong(n -> n).sum()
                    + result.unparsed();
            assertThat(counted).isEqualTo(result.lines());
            return result;
        } finally {
            Files.delete(file);
        }
    }
}
