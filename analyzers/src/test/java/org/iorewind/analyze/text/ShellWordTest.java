package org.iorewind.analyze.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShellWordTest {
    @Test
    void anOrdinaryPathNeedsNoQuotes() {
        assertThat(ShellWord.quote("runs/boot-1.iorw")).isEqualTo("runs/boot-1.iorw");
    }

    @Test
    void blanksAndShellCharactersAreQuoted() {
        assertThat(ShellWord.quote("my boot.iorw")).isEqualTo("'my boot.iorw'");
        assertThat(ShellWord.quote("a;rm -rf $HOME")).isEqualTo("'a;rm -rf $HOME'");
        assertThat(ShellWord.quote("")).isEqualTo("''");
    }

    @Test
    void aQuoteInsideStandsBetweenDoubleOnes() {
        assertThat(ShellWord.quote("kind == 'Gap'")).isEqualTo("\"kind == 'Gap'\"");
    }

    @Test
    void whereTheShellWouldActBetweenDoubleQuotesASingleOneIsEscaped() {
        assertThat(ShellWord.quote("it's $HOME")).isEqualTo("'it'\\''s $HOME'");
        assertThat(ShellWord.quote("'`id`")).isEqualTo("''\\''`id`'");
        assertThat(ShellWord.quote("a'\"")).isEqualTo("'a'\\''\"'");
        assertThat(ShellWord.quote("a'!b")).isEqualTo("'a'\\''!b'");
    }

    @Test
    void aNameThatWouldActOnTheTerminalIsMadeVisible() {
        assertThat(ShellWord.quote("a\nb")).isEqualTo("'a\\x0ab'");
    }
}
