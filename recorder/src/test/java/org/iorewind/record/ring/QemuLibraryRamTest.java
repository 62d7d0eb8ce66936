package org.iorewind.record.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.iorewind.record.memory.RamLayout;
import org.junit.jupiter.api.Test;

/** The split is that of QEMU: pc_q35.c and pc_piix.c decide by the size, and put the rest at 4 GiB. */
class QemuLibraryRamTest {
    private static final Path FILE = Path.of("/dev/shm/ram");
    private static final long GIB = 1L << 30;

    private static String q35(long bytes) {
        return QemuLibrary.ram(FILE, RamLayout.q35(bytes));
    }

    @Test
    void smallMemoryLiesBelowTheHole() {
        assertThat(q35(GIB / 2)).isEqualTo("0+20000000@0=/dev/shm/ram");
        assertThat(q35(0xB000_0000L - 4096)).isEqualTo("0+affff000@0=/dev/shm/ram");
    }

    @Test
    void from2816MibOnQ35KeepsTwoGibBelowFour() {
        assertThat(q35(0xB000_0000L)).isEqualTo("0+80000000@0=/dev/shm/ram;100000000+30000000@80000000=/dev/shm/ram");
        assertThat(q35(8 * GIB)).isEqualTo("0+80000000@0=/dev/shm/ram;100000000+180000000@80000000=/dev/shm/ram");
    }

    @Test
    void pcKeepsThreeGibBelowFourFrom3584MibOn() {
        assertThat(QemuLibrary.ram(FILE, RamLayout.pc(0xE000_0000L - 4096))).isEqualTo("0+dffff000@0=/dev/shm/ram");
        assertThat(QemuLibrary.ram(FILE, RamLayout.pc(4 * GIB)))
                .isEqualTo("0+c0000000@0=/dev/shm/ram;100000000+40000000@c0000000=/dev/shm/ram");
    }
}
