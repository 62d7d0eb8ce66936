package org.iorewind.record.mmiotrace;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import org.iorewind.record.MmioWindow;
import org.iorewind.trace.Progress;

/** Texts with bytes and lines flipped, lost, doubled and made up. */
class DamagedMmiotraceTest {
    private static final String TEXT = """
            VERSION 20070824
            PCIDEV 0010 1b360010 b feb80004 0 0 0 0 0 0 4000 0 0 0 0 0 0\s
            PCIDEV 0018 1af41042 17 0 feb88000 0 0 febf800c 0 0 0 1000 0 0 4000 0 0 virtio-pci
            MAP 4.930201 1 0xfed80000 0xff63a9f2c0606000 0x4000 0x0 0
            R 4 4.940498 1 0xfed8001c 0x1 0x0 0
            W 8 4.947979 1 0xfed80018 0xfee00000 0x0 0
            R 4 4.940498 2 0xfeb8001c 0x1 0x0 0
            UNKNOWN 5.000002 1 0xfed80018 0f,6f,00 0x0 0
            MARK 0.000000 Lost 17 events.
            MARK 5.000001 driver loaded
            UNMAP 4.990712 2 0x0 0
            """;

    @Provide
    Arbitrary<List<Damage>> damages() {
        return DamagedImport.damages(
                " ", "-", "0x", ".", "\n", "999999999999999999", "ffffffffffffffff", "é", "1", "VERSION 1\n", "R 4 ");
    }

    private static ImportResult read(byte[] bytes) throws IOException {
        return DamagedImport.importOrRefuse(
                bytes, (file, events) -> MmiotraceImport.run(List.of(file), events, MmioWindow.QEMU, Progress.NONE));
    }

    @Example
    void theTextItselfIsUnderstoodWhole() throws IOException {
        assertThat(read(TEXT.getBytes(UTF_8)).unparsedExamples()).isEmpty();
    }

    @Property(tries = 3000, shrinking = ShrinkingMode.BOUNDED)
    void aDamagedTextIsReadOrRefusedAndEveryLineAccountedFor(@ForAll("damages") List<Damage> damages)
            throws IOException {
        read(DamagedImport.apply(damages, TEXT.getBytes(UTF_8)));
    }
}
