package org.iorewind.analyze.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NotationTest {
    @Test
    void durationsHaveTheUnitThatFits() {
        assertThat(Notation.duration(0)).isEqualTo("0ns");
        assertThat(Notation.duration(999)).isEqualTo("999ns");
        assertThat(Notation.duration(1_000)).isEqualTo("1us");
        assertThat(Notation.duration(3_490_000)).isEqualTo("3.4ms");
        assertThat(Notation.duration(12_900_000_000L)).isEqualTo("12s");
        assertThat(Notation.duration(3_600_000_000_000L)).isEqualTo("3,600s");
    }

    @Test
    void addressesAreUnsigned() {
        assertThat(Notation.hex(0x10_0000)).isEqualTo("0x100000");
        assertThat(Notation.hex(-1)).isEqualTo("0xffffffffffffffff");
        assertThat(Notation.range(16, 16)).isEqualTo("0x10");
        assertThat(Notation.range(16, 32)).isEqualTo("0x10 to 0x20");
    }

    @Test
    void timesAreSecondsWithSixDigits() {
        assertThat(Notation.time(12_345_678_999L)).isEqualTo("12.345678s");
        assertThat(Notation.time(0)).isEqualTo("0.000000s");
        assertThat(Notation.time(-1_500_000_000L)).isEqualTo("-1.500000s");
        assertThat(Notation.time(-500_000_000L)).isEqualTo("-0.500000s");
        assertThat(Notation.time(Long.MIN_VALUE)).isEqualTo("-9223372036.854775s");
    }

    @Test
    void aLongScaleShowsMilliseconds() {
        assertThat(Notation.shortTime(3_499_999_999L, 14_000_000_000L)).isEqualTo("3.500s");
        assertThat(Notation.shortTime(3_499_999L, 14_000_000L)).isEqualTo("0.003499s");
    }

    @Test
    void countsHaveACommaBetweenThreeDigits() {
        assertThat(Notation.count(0)).isEqualTo("0");
        assertThat(Notation.count(999)).isEqualTo("999");
        assertThat(Notation.count(1_000)).isEqualTo("1,000");
        assertThat(Notation.count(-123_456)).isEqualTo("-123,456");
        assertThat(Notation.count(Long.MAX_VALUE)).isEqualTo("9,223,372,036,854,775,807");
    }

    @Test
    void aNounFollowsItsNumber() {
        assertThat(Notation.count(1, "fault")).isEqualTo("1 fault");
        assertThat(Notation.count(0, "fault")).isEqualTo("0 faults");
        assertThat(Notation.count(2_000, "fault")).isEqualTo("2,000 faults");
    }

    @Test
    void sizesHaveBinaryUnits() {
        assertThat(Notation.size(1023)).isEqualTo("1,023 bytes");
        assertThat(Notation.size(1024)).isEqualTo("1.0 KiB");
        assertThat(Notation.size(1536)).isEqualTo("1.5 KiB");
        assertThat(Notation.size(3L << 20)).isEqualTo("3.0 MiB");
        assertThat(Notation.size(Long.MAX_VALUE)).isEqualTo("8,388,607.9 TiB");
    }
}
