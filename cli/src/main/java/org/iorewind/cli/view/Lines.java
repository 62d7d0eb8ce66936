package org.iorewind.cli.view;

import java.util.SortedMap;
import org.iorewind.analyze.report.Paragraph;
import org.iorewind.analyze.report.TextStyle;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.cli.Terminal;

/** Puts together what all views print alike: headings, name and value, counts, commands to try. */
final class Lines {
    private static final int NAME_WIDTH = 20;

    private final Terminal terminal;
    private final TextStyle style;

    Lines(Terminal terminal) {
        this.terminal = terminal;
        this.style = terminal.style();
    }

    TextStyle style() {
        return style;
    }

    void heading(String text) {
        terminal.line("");
        terminal.line(style.strong(text));
    }

    /** A name and what belongs to it; a long value goes on below itself. */
    void fact(String name, String value) {
        String prefix = "  " + name + " ".repeat(Math.max(1, NAME_WIDTH - name.length()));
        terminal.out().print(Paragraph.of(prefix, value, style.columns()));
    }

    /** Counts, one line each, set to the right. */
    void counts(SortedMap<String, Long> counts) {
        int width = 0;
        for (long count : counts.values()) {
            width = Math.max(width, Notation.count(count).length());
        }
        for (var entry : counts.entrySet()) {
            String count = Notation.count(entry.getValue());
            terminal.line(
                    "  " + " ".repeat(width - count.length()) + count + "  " + PlainText.clip(entry.getKey(), 80));
        }
    }

    void paragraph(String prefix, String text) {
        terminal.out().print(Paragraph.of(prefix, text, style.columns()));
    }

    /** Commands that go on from here, without the program's name. */
    void next(String... commands) {
        heading("Next");
        for (String command : commands) {
            terminal.line("  " + style.command(terminal.command() + " " + command));
        }
    }

    void line(String text) {
        terminal.line(text);
    }
}
