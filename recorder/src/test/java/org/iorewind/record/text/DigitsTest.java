package org.iorewind.record.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigitsTest {
    @Test
    void sixteenHexadecimalDigitsAreRead() {
        assertThat(Digits.hex("ffffffffffffffff")).isEqualTo(-1L);
        assertThat(Digits.hex("x1Fx", 1, 3)).isEqualTo(0x1f);
        assertThat(Digits.prefixedHex("0x10")).isEqualTo(16);
        assertThat(Digits.decimal("010")).isEqualTo(10);
        assertThat(Digits.prefixedBytes("0x00ff7F")).containsExactly(0, 0xff, 0x7f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "0x1", "1 ", "zz", "00000000000000000", "\uff11", "\u0661"})
    void anythingElseIsNoHexadecimalNumber(String text) {
        assertThatThrownBy(() -> Digits.hex(text)).isInstanceOf(NumberFormatException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "0x", "0x-1", "-0x1", "0X1", "#1", "010", "0x00000000000000000"})
    void aNumberOfTheScriptNeedsItsPrefixAndDigits(String text) {
        assertThatThrownBy(() -> Digits.prefixedHex(text)).isInstanceOf(NumberFormatException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0x", "0x1", "0x123", "0x+1", "1234", "0xgg"})
    void bytesAreWholePairs(String text) {
        assertThatThrownBy(() -> Digits.prefixedBytes(text)).isInstanceOf(NumberFormatException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "a", "1000000000", "\u0661"})
    void anythingElseIsNoDecimalNumber(String text) {
        assertThatThrownBy(() -> Digits.decimal(text)).isInstanceOf(NumberFormatException.class);
    }
}
