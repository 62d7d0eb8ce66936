package org.iorewind.analyze.document;

import java.io.IOException;
import java.util.List;
import org.iorewind.analyze.text.Notation;

/**
 * Writes a document as Markdown, to be pasted into an issue. Trackers take 65,536 characters at most: what does not fit is
 * left out, and the text says so. Commands stand in blocks that can be copied. The same document gives the same text.
 *
 * <p>One thread.
 */
public final class MarkdownDocument implements BlockWriter {
    /** When so many characters are written, no further block begins. */
    static final int ROOM = 56_000;

    private static final int ROWS = 30;
    private static final int ITEMS = 20;
    private static final int ARTICLES = 10;
    private static final int COMMANDS = 3;

    private final StringBuilder text = new StringBuilder();
    private int articles;
    private long leftOut;

    private MarkdownDocument() {}

    /**
     * Writes the whole document.
     *
     * @param out takes the characters; to be encoded as UTF-8
     * @throws IOException from {@code out}
     */
    public static void write(Document document, Appendable out) throws IOException {
        MarkdownDocument writer = new MarkdownDocument();
        writer.write(document);
        out.append(writer.text);
    }

    private void write(Document document) throws IOException {
        for (Section section : document.sections()) {
            if (section.isVerdict()) {
                line("# " + MarkdownText.prose(section.title()));
                line("");
                line("Trace " + MarkdownText.code(document.path(), false) + ", state hash "
                        + MarkdownText.code(document.stateHash(), false));
            } else {
                line("## " + MarkdownText.prose(section.title()));
            }
            line("");
            blocks(section.blocks());
            commands(section.commands());
        }
        if (leftOut > 0) {
            line("");
            line("*" + Notation.count(leftOut, "further part")
                    + " did not fit into an issue: the HTML and the JSON report have all of it.*");
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void blocks(List<Block> blocks) throws IOException {
        for (Block block : blocks) {
            if (text.length() > ROOM) {
                leftOut++;
            } else {
                block.writeTo(this);
            }
        }
    }

    private void commands(List<String> commands) {
        if (!commands.isEmpty() && text.length() <= ROOM) {
            for (String command : commands.subList(0, Math.min(COMMANDS, commands.size()))) {
                text.append(MarkdownText.block(command));
            }
            line("");
        }
    }

    private static String inline(Line line, boolean inTable) {
        StringBuilder all = new StringBuilder();
        for (Span span : line.spans()) {
            boolean blankBefore = span.text().startsWith(" ") && all.length() > 0;
            boolean blankAfter = span.text().endsWith(" ");
            String part = switch (span.kind()) {
                case PLAIN -> MarkdownText.prose(span.text());
                case CODE -> MarkdownText.code(span.text(), inTable);
                case STRONG -> span.text().isBlank() ? "" : "**" + MarkdownText.prose(span.text()) + "**";
                // Places inside a document have no name in an issue.
                case LINK -> MarkdownText.prose(span.text());
            };
            all.append(blankBefore ? " " : "").append(part);
            if (blankAfter && !part.isEmpty()) {
                all.append(' ');
            }
        }
        return all.toString();
    }

    @Override
    public void paragraph(Block.Paragraph paragraph) {
        String words = inline(paragraph.line(), false);
        line(paragraph.style() == Block.Style.CAUTION ? "**Mind:** " + words : words);
        line("");
    }

    @Override
    public void heading(Block.Heading heading) {
        line("#".repeat(heading.level() + 1) + " " + MarkdownText.prose(heading.text()));
        line("");
    }

    @Override
    public void items(Block.Items items) {
        if (items.kind() == Block.ListKind.TAGS) {
            line(String.join(
                    " \u00b7 ",
                    items.items().stream()
                            .map(item -> inline(item.line(), false))
                            .toList()));
            line("");
            return;
        }
        boolean isOrdered = items.kind() == Block.ListKind.NUMBERED || items.kind() == Block.ListKind.WALK;
        String mark = isOrdered ? "1. " : "- ";
        int left = ITEMS;
        for (Block.Item item : items.items()) {
            if (left-- == 0) {
                line(mark + "and " + Notation.count(items.items().size() - ITEMS) + " more");
                break;
            }
            String command = item.command().isEmpty() ? "" : " " + MarkdownText.code(item.command(), false);
            line(mark + inline(item.line(), false) + command);
        }
        line("");
    }

    @Override
    public void table(Block.Table table) {
        line("**" + MarkdownText.prose(table.caption()) + "**");
        line("");
        StringBuilder head = new StringBuilder("|");
        StringBuilder rule = new StringBuilder("|");
        for (String column : table.columns()) {
            boolean number = column.startsWith("#");
            head.append(' ')
                    .append(MarkdownText.prose(number ? column.substring(1) : column))
                    .append(" |");
            rule.append(number ? " ---: |" : " --- |");
        }
        line(head.toString());
        line(rule.toString());
        int left = ROWS;
        for (List<Block.Cell> cells : table.rows()) {
            if (left-- == 0) {
                break;
            }
            StringBuilder row = new StringBuilder("|");
            for (Block.Cell cell : cells) {
                row.append(' ').append(cell(cell)).append(" |");
            }
            line(row.toString());
        }
        line("");
        if (table.rows().size() > ROWS) {
            line("and " + Notation.count(table.rows().size() - ROWS, "more row"));
            line("");
        }
    }

    private static String cell(Block.Cell cell) {
        if (cell.kind() == Block.CellKind.COMMAND) {
            StringBuilder all = new StringBuilder();
            cell.line().spans().forEach(span -> all.append(span.text()));
            return MarkdownText.code(all.toString(), true);
        }
        // "#12" would be an issue; as code it is what it is.
        String words = inline(cell.line(), true);
        return cell.kind() == Block.CellKind.NUMBER && words.startsWith("\\#")
                ? MarkdownText.code(cell.line().spans().get(0).text(), true)
                : words;
    }

    @Override
    public void chain(Block.Chain chain) {
        for (Block.Step step : chain.steps()) {
            String when = MarkdownText.code(step.when(), false)
                    + (step.timeNs().isEmpty() ? "" : " " + MarkdownText.prose(step.timeNs()));
            String what = MarkdownText.prose(step.what());
            line("1. " + when + " " + (step.isEnd() && !what.isEmpty() ? "**" + what + "**" : what));
        }
        line("");
    }

    @Override
    public void details(Block.Details details) throws IOException {
        line("**"
                + inline(
                        new Line(details.summary().spans().stream()
                                .map(span -> span.kind() == Span.Kind.STRONG
                                        ? new Span(Span.Kind.PLAIN, span.text(), "")
                                        : span)
                                .toList()),
                        false)
                + "**");
        line("");
        blocks(details.blocks());
    }

    @Override
    public void article(Block.Article article) throws IOException {
        if (++articles > ARTICLES) {
            leftOut++;
            return;
        }
        line("### " + MarkdownText.prose(article.eyebrow()) + ": " + inline(article.title(), false));
        line("");
        blocks(article.blocks());
    }

    @Override
    public void boxes(Block.Boxes boxes) {
        for (Block.Box box : boxes.boxes()) {
            heading(new Block.Heading(4, box.title()));
            items(box.items());
        }
    }

    @Override
    public void figures(Block.Figures figures) {
        line("| | |");
        line("| --- | ---: |");
        for (Block.Figure figure : figures.figures()) {
            line("| " + MarkdownText.prose(figure.name()) + " | " + MarkdownText.prose(figure.value()) + " |");
        }
        line("");
    }

    @Override
    public void quote(Block.Quote quote) {
        line("> " + inline(quote.line(), false));
        line("");
    }

    @Override
    public void picture(Block.Picture picture) {
        line(MarkdownText.prose(picture.title() + " (" + picture.description() + "): ")
                + MarkdownText.code(picture.name() + ".svg", false) + " of "
                + MarkdownText.code("iorewind report --svg", false));
        line("");
    }

    @Override
    public void timeline(Block.Timeline timeline) {
        // The picture beside it shows the same numbers.
    }
}
