package org.iorewind.record.ftrace;

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
class DamagedFtraceTest {
    private static final String TEXT = """
            # entries-in-buffer/entries-written: 3705/3800   #P:1
                        init-1       [000] .N...     5.857419: add_device_to_group: IOMMU: groupID=0 device=0000:00:00.0
                        init-1       [000] .....     5.873157: attach_device_to_domain: IOMMU: device=0000:00:02.0
                kworker/u4:0-11      [000] .....    13.674610: map: IOMMU: iova=0x00000000fffff000 - 0x0000000100000000 paddr=0x0000000010aa5000 size=4096
            CPU:1 [LOST 17 EVENTS]
                kworker/u4:0-11    [000]    13.701524: unmap:                IOMMU: iova=0x00000000ffffd000 - 0x00000000ffffe000 size=4096 unmapped_size=4096
                kworker/u4:0-11    [000]    13.701525: (+1) io_page_fault: IOMMU:nvme 0000:00:02.0 iova=0x0000000000100000 flags=0x0001
            kworker/-11      0d.h1.    13.701524: unmap:  iova=0x00000000ffffd000 size=4096 unmapped_size=4096
             CPU 0/KVM-2201 [003] ..... 100.000002: kvm_mmio: mmio unsatisfied-read len 8 gpa 0xfed82020 val 0x0
             CPU 0/KVM-2201 [003] ..... 100.000004: kvm_mmio: mmio read len 8 gpa 0xfed82020 val 0x18
             CPU 0/KVM-2201 [003] ..... 100.000005: kvm_mmio: mmio write len 4 gpa 0xfed82008 val 0x10
            """;

    @Provide
    Arbitrary<List<Damage>> damages() {
        return DamagedImport.damages(
                " ", "-", "0x", "=", "\n", ":", "[", "]", "99999999999999999999", "ffffffffffffffff", "é", "1", "us");
    }

    private static ImportResult read(byte[] bytes) throws IOException {
        return DamagedImport.importOrRefuse(
                bytes, (file, events) -> FtraceImport.run(List.of(file), events, MmioWindow.QEMU, Progress.NONE));
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
