package org.iorewind.record.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iorewind.record.memory.RamLayout.Piece;
import org.junit.jupiter.api.Test;

class RamLayoutTest {
    @Test
    void aSmallMachineHasItsRamInOnePiece() {
        RamLayout layout = new RamLayout(List.of(new Piece(0, 0, 512L << 20)));
        assertThat(layout.offset(0, 8)).isZero();
        assertThat(layout.offset((512L << 20) - 8, 8)).isEqualTo((512L << 20) - 8);
        assertThat(layout.offset((512L << 20) - 8, 16)).isEqualTo(-1);
        assertThat(layout.offset(512L << 20, 8)).isEqualTo(-1);
        assertThat(layout.offset(-8, 8)).isEqualTo(-1);
    }

    @Test
    void aLargeOneHasAHoleBelowFourGib() {
        RamLayout layout = new RamLayout(List.of(new Piece(1L << 32, 2L << 30, 2L << 30), new Piece(0, 0, 2L << 30)));
        assertThat(layout.offset(0x7FFF_FFF8L, 8)).isEqualTo(0x7FFF_FFF8L);
        assertThat(layout.offset(0x8000_0000L, 8)).isEqualTo(-1);
        assertThat(layout.offset(0x1_0000_0000L, 8)).isEqualTo(0x8000_0000L);
        assertThat(layout.offset(0x1_7FFF_FFF8L, 8)).isEqualTo(0xFFFF_FFF8L);
        assertThat(layout.offset(0x1_8000_0000L, 8)).isEqualTo(-1);
    }
}
