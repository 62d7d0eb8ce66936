package org.iorewind.analyze.text;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlainTextTest {
    @Test
    void plainTextIsLeftAsItIs() {
        String text = "level 3 entry at 0x1e81000 = 0x0: not present";
        assertThat(PlainText.clean(text)).isSameAs(text);
    }

    @Test
    void lettersOfAnyLanguageAreLeftAsTheyAre() {
        assertThat(PlainText.clean("Gerät 設備 \ud83d\ude80")).isEqualTo("Gerät 設備 \ud83d\ude80");
    }

    @Test
    void controlCharactersBecomeVisible() {
        assertThat(PlainText.clean("a\u001b[2Jb\nc\u0000\u007f\u009b")).isEqualTo("a\\x1b[2Jb\\x0ac\\x00\\x7f\\x9b");
    }

    @Test
    void directionMarksAndInvisibleCharactersBecomeVisible() {
        assertThat(PlainText.clean("\u202e0x1\u2066\ufeff\u200b\u2028"))
                .isEqualTo("\\u202e0x1\\u2066\\ufeff\\u200b\\u2028");
    }

    @Test
    void anUnpairedSurrogateBecomesVisible() {
        assertThat(PlainText.clean("x\ud800y")).isEqualTo("x\\ud800y");
    }

    @Test
    void longTextIsCutAndSaysHowMuchIsMissing() {
        assertThat(PlainText.clip("abcdef", 4)).isEqualTo("abcd... (2 more characters)");
        assertThat(PlainText.clip("abcd", 4)).isEqualTo("abcd");
    }

    @Test
    void aCutNeverSplitsACharacter() {
        assertThat(PlainText.clip("ab\ud83d\ude80cd", 3)).isEqualTo("ab... (4 more characters)");
    }

    @Property
    void whateverComesInNothingActingComesOut(@ForAll String text) {
        String clean = PlainText.clip(text, 1_000);
        assertThat(clean.codePoints()).noneMatch(c -> c < ' ' || c >= 0x7f && c <= 0x9f || c >= 0xd800 && c <= 0xdfff);
        assertThat(PlainText.clean(clean)).isEqualTo(clean);
    }
}
