package org.iorewind.record.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.record.memory.RamLayout;
import org.iorewind.record.memory.RamLayout.Piece;
import org.junit.jupiter.api.Test;

class MemoryTreeTest {
    /** QEMU 7.2.22, -M q35 -m 3G with a memory backend of its own, before the firmware runs. */
    private static final String Q35 = """
            FlatView #0
             AS "I/O", root: io
             Root memory region: io
              0000000000000000-0000000000000007 (prio 0, i/o): dma-chan

            FlatView #8
             AS "memory", root: system
             AS "cpu-memory-0", root: system
             Root memory region: system
              0000000000000000-00000000000bffff (prio 0, ram): iorewind-ram
              00000000000c0000-00000000000dffff (prio 1, rom): pc.rom
              00000000000e0000-00000000000fffff (prio 0, rom): pc.bios @0000000000020000
              0000000000100000-000000007fffffff (prio 0, ram): iorewind-ram @0000000000100000
              00000000fec00000-00000000fec00fff (prio 0, i/o): ioapic
              00000000fed80000-00000000fed83fff (prio 0, i/o): amdvi-mmio
              00000000fee00000-00000000feefffff (prio 4096, i/o): apic-msi
              00000000fffc0000-00000000ffffffff (prio 0, rom): pc.bios
              0000000100000000-000000013fffffff (prio 0, ram): iorewind-ram @0000000080000000

            FlatView #9
             AS "amd_iommu_devfn_251", root: amdvi_root
             Root memory region: amdvi_root
              0000000000000000-00000000fedfffff (prio 1, ram): iorewind-ram
            """;

    @Test
    void ramIsFoundBelowAndAboveTheHole() {
        RamLayout layout = MemoryTree.layout(Q35, "iorewind-ram");
        assertThat(layout.pieces())
                .containsExactly(new Piece(0, 0, 0x8000_0000L), new Piece(0x1_0000_0000L, 0x8000_0000L, 0x4000_0000L));
    }

    @Test
    void anotherNameHasNoRam() {
        assertThat(MemoryTree.layout(Q35, "pc.ram").pieces()).isEmpty();
        assertThat(MemoryTree.layout("nonsense", "pc.ram").pieces()).isEmpty();
    }
}
