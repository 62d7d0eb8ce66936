package org.iorewind.model.platform.vmm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** amd-viommu reference 7.3: registers written in halves. */
class RegisterImageTest {
    private final RegisterImage image = new RegisterImage();

    @Test
    void aWholeWriteActs() {
        assertThat(image.write(0x18, 8, 0x1_0000_1000L)).isTrue();
        assertThat(image.get(0x18)).isEqualTo(0x1_0000_1000L);
        assertThat(image.get(0x20)).isZero();
    }

    @Test
    void ofTwoHalvesTheUpperOneActs() {
        assertThat(image.write(0x08, 4, 0x1234_5000L)).isFalse();
        assertThat(image.write(0x0C, 4, 0x0900_0000L)).isTrue();
        assertThat(image.get(0x08)).isEqualTo(0x0900_0000_1234_5000L);
        assertThat(image.write(0x08, 4, 0x7000L)).isFalse();
        assertThat(image.get(0x08)).isEqualTo(0x0900_0000_0000_7000L);
    }

    @Test
    void outsideOfTheWindowThereIsNothing() {
        assertThat(image.write(0x4000, 8, 1)).isFalse();
        assertThat(image.write(-8, 8, 1)).isFalse();
        assertThat(image.get(0x4000)).isZero();
    }

    @Test
    void halvesAreReadAsHalves() {
        long value = 0x0900_0000_1234_5000L;
        assertThat(RegisterImage.part(value, 0x08, 8)).isEqualTo(value);
        assertThat(RegisterImage.part(value, 0x08, 4)).isEqualTo(0x1234_5000L);
        assertThat(RegisterImage.part(value, 0x0C, 4)).isEqualTo(0x0900_0000L);
    }
}
