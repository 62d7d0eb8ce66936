package org.iorewind.analyze.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CommonMark 0.31 section 2.4 says which characters a backslash makes plain; GFM adds tables, links and mentions. */
class MarkdownTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '\u0001',
            value = {
                "plain words 0x1000 => plain words 0x1000",
                "*bold* _it_ `code` => \\*bold\\* \\_it\\_ \\`code\\`",
                "<script>alert(1)</script> => &lt;script&gt;alert(1)&lt;/script&gt;",
                "![x](http://evil) => \\!<!-- -->\\[x\\](http\\://evil)",
                "[x](javascript:a) => \\[x\\](javascript:a)",
                "a|b => a\\|b",
                "- item => \\- item",
                "+ item => \\+ item",
                "1. item => 1\\. item",
                "1) item => 1\\) item",
                "===== => \\=====",
                "&copy; => &amp;copy;",
                "www.evil.example => www\\.evil.example",
                "0.123456s => 0.123456s",
                "~~gone~~ $x$ => \\~\\~gone\\~\\~ \\$x\\$",
                "back\\slash => back\\\\slash"
            })
    void whatWouldActIsMadePlain(String text, String markdown) {
        assertThat(MarkdownText.prose(text)).isEqualTo(markdown);
    }

    @Test
    void nobodyIsMentionedAndNoIssueIsNamed() {
        assertThat(MarkdownText.prose("@admin see #12")).isEqualTo("\\@<!-- -->admin see \\#<!-- -->12");
    }

    @Test
    void linesStayOneLine() {
        assertThat(MarkdownText.prose("a\n# b\r\n- c")).isEqualTo("a\\\\x0a\\#<!-- --> b\\\\x0d\\\\x0a- c");
    }

    @Test
    void codeIsFencedByMoreBackticksThanItHolds() {
        assertThat(MarkdownText.code("a", false)).isEqualTo("`a`");
        assertThat(MarkdownText.code("a`b", false)).isEqualTo("``a`b``");
        assertThat(MarkdownText.code("``", false)).isEqualTo("``` `` ```");
        assertThat(MarkdownText.code("a|b", true)).isEqualTo("`a\\|b`");
        assertThat(MarkdownText.code(" ", false)).isEmpty();
        assertThat(MarkdownText.block("x ``` y")).isEqualTo("````\nx ``` y\n````\n");
    }
}
