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
    void aQuoteInsideIsEscaped() {
        assertThat(ShellWord.quote("it's")).isEqualTo("'it'\\''s'");
    }

    @Test
    void aNameThatWouldActOnTheTerminalIsMadeVisible() {
        assertThat(ShellWord.quote("a\nb")).isEqualTo("'a\\x0ab'");
    }
}
