package org.iorewind.record.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "512, 536870912",
        "512M, 536870912",
        "3g, 3221225472",
        "1T, 1099511627776",
        "65536k, 67108864",
        "4096B, 4096",
        "0, -1",
        "x, -1",
        "1GG, -1",
        "-1, -1",
        "'', -1",
        "999999999999999E, -1"
    })
    void sizesAreReadAsQemuReadsThem(String text, long bytes) {
        assertThat(ByteSize.ofMemoryOption(text)).isEqualTo(bytes);
    }
}
