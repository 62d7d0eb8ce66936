package org.iorewind.model.platform.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.platform.VirtualWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** amd-viommu reference 3.2: where a guest's registers go; values of 14.2. */
class GuestRegisterMapTest {
    private static final int GUEST = 3;
    private final VirtualWorld world = VirtualWorld.booted();
    private final GuestSlot slot = new GuestSlot(world.bus(), 0, GUEST);
    private final GuestRegisterMap map = new GuestRegisterMap(slot, true);
    private final GuestRegisterMap fixed = new GuestRegisterMap(slot, false);

    @Test
    void commandBaseWithItsEnables() {
        map.write(0x08, 0x0900_0000_1234_5000L);
        map.write(0x18, 1L << 12 | 1L << 4);
        assertThat(slot.control(0x20)).isEqualTo(0x1234_5309L);
    }

    @Test
    void eventBaseWithItsEnables() {
        map.write(0x10, 0x0900_0000_1234_6000L);
        map.write(0x18, 1L << 2 | 1L << 3);
        assertThat(slot.control(0x28)).isEqualTo(0x1234_6309L);
    }

    @Test
    void pprBaseWithItsEnables() {
        map.write(0x38, 0x0900_0000_1234_7000L);
        map.write(0x18, 1L << 13 | 1L << 14 | 1L << 15);
        assertThat(slot.control(0x30)).isEqualTo(0x1_2347_0709L);
    }

    @Test
    void secondLogsHaveTheirLengthWithTheFirstOnes() {
        map.write(0xF8, 0x0A00_0000_0123_4000L);
        map.write(0xF0, 0x0B00_0000_0567_8000L);
        assertThat(slot.control(0x28)).isEqualTo(0xA0);
        assertThat(slot.control(0x18)).isEqualTo(0x0123_4000L);
        assertThat(slot.control(0x30)).isEqualTo(0xB0);
        assertThat(slot.control(0x38)).isEqualTo(0x0567_8000L);
    }

    /** The guest's control bit, the slot's register, the bit there. */
    @ParameterizedTest
    @CsvSource({
        "12, 0x20, 8", "4, 0x20, 9", "2, 0x28, 8", "3, 0x28, 9", "32, 0x28, 10", "33, 0x28, 11",
        "13, 0x30, 8", "14, 0x30, 9", "15, 0x30, 10", "30, 0x30, 11", "31, 0x30, 12", "39, 0x30, 13",
        "41, 0x30, 14", "42, 0x30, 15"
    })
    void eachControlBitHasOnePlaceAndIsReadBack(int bit, int register, int place) {
        map.write(0x18, 1L << bit);
        assertThat(slot.control(register)).isEqualTo(1L << place);
        assertThat(slot.control(0x20) | slot.control(0x28) | slot.control(0x30)).isEqualTo(1L << place);
        assertThat(map.read(0x18)).isEqualTo(1L << bit);
    }

    @Test
    void controlBitsWithoutAPlaceAreDropped() {
        assertThat(map.write(0x18, 1 | 1L << 16 | 1L << 17 | 1L << 50)).isTrue();
        assertThat(map.read(0x18)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0x08", "0x10", "0x38", "0xF0", "0xF8"})
    void basesAreReadBackWhole(int register) {
        map.write(register, 0x0900_0000_1234_5000L);
        assertThat(map.read(register)).isEqualTo(0x0900_0000_1234_5000L);
    }

    @ParameterizedTest
    @CsvSource({"0x08", "0x10", "0x38", "0xF0", "0xF8"})
    void withFixedBuffersOnlyLengthsAreKept(int register) {
        fixed.write(register, 0x0900_0000_1234_5000L);
        assertThat(fixed.read(register)).isEqualTo(0x0900_0000_0000_0000L);
    }

    @Test
    void otherRegistersHaveNoPlace() {
        assertThat(map.write(0x20, -1)).isFalse();
        assertThat(map.read(0x20)).isZero();
    }
}
