package org.iorewind.analyze.document;

import java.io.IOException;
import java.util.List;
import org.iorewind.analyze.document.Block.Item;
import org.iorewind.analyze.text.Notation;

/**
 * Writes a document as one HTML file that needs nothing else: no network, no font, no image. Its content security policy
 * allows two things, the style sheet and the script inside it, each by its hash. The script only lets the reader look into
 * the timeline: without it everything else is there. The same document gives the same bytes.
 *
 * <p>One thread.
 */
public final class HtmlDocument implements BlockWriter {
    private final HtmlWriter html;
    private int pictures;
    private long end;
    private long leftOut;

    private HtmlDocument(Appendable out) {
        html = new HtmlWriter(out);
    }

    /**
     * Writes the whole document.
     *
     * @param out takes the characters; to be encoded as UTF-8
     * @throws IOException from {@code out}
     */
    public static void write(Document document, Appendable out) throws IOException {
        new HtmlDocument(out).write(document);
    }

    private void write(Document document) throws IOException {
        html.line("<!DOCTYPE html>");
        html.line("<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '");
        html.raw(PageAssets.styleHash()).raw("'; script-src '").raw(PageAssets.scriptHash());
        html.line("'; base-uri 'none'; form-action 'none'\">");
        html.line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.line(
                "<meta name=\"referrer\" content=\"no-referrer\"><meta name=\"color-scheme\" content=\"light dark\">");
        html.element("title", document.title() + " - " + document.path()).line("");
        // Nothing may stand between the tags but the sheet itself: the policy's hash covers every byte of it.
        html.raw("<style>").raw(PageAssets.style()).line("</style>");
        html.line("</head>");
        html.line("<body><a class=\"skip\" href=\"#verdict\">Skip to the verdict</a>");
        html.raw("<header class=\"top\"><p class=\"brand\">iorewind <span>report</span></p>");
        html.element("p class=\"path\"", document.path()).line("</header>");
        html.line("<main>");
        for (Section section : document.sections()) {
            section(section);
            if (section.isVerdict()) {
                navigation(document.sections());
            }
        }
        html.line("</main>");
        html.raw("<footer><p>Made by iorewind from one trace. State hash after the last input: ");
        html.element("code", document.stateHash()).line("</p></footer>");
        html.raw("<script>").raw(PageAssets.script()).line("</script>");
        html.line("</body></html>");
    }

    private void navigation(List<Section> sections) throws IOException {
        html.raw("<nav aria-label=\"Sections\"><ul>");
        for (Section section : sections) {
            if (!section.name().isEmpty()) {
                html.raw("<li><a href=\"#" + section.id() + "\">").text(section.name());
                html.raw("</a></li>");
            }
        }
        html.line("</ul></nav>");
    }

    private void section(Section section) throws IOException {
        String id = section.id();
        String style =
                section.isVerdict() ? " class=\"verdict " + section.tone().style() + "\"" : "";
        html.line("<section id=\"" + id + "\"" + style + " aria-labelledby=\"" + id + "-title\">");
        if (section.isVerdict()) {
            html.line("<p class=\"eyebrow\">Verdict</p>");
        }
        html.element((section.isVerdict() ? "h1" : "h2") + " id=\"" + id + "-title\"", section.title())
                .line("");
        end = html.bytes() + section.room();
        blocks(section.blocks());
        if (leftOut > 0) {
            html.element(
                            "p",
                            Notation.count(leftOut, "further part") + " of this section would make the page too large; "
                                    + "--json has all of it.")
                    .line("");
            leftOut = 0;
        }
        if (!section.commands().isEmpty()) {
            html.raw("<p class=\"again\">On the command line: ");
            for (String command : section.commands()) {
                html.element("code class=\"command\"", command).raw(" ");
            }
            html.line("</p>");
        }
        html.line("</section>");
    }

    private void blocks(List<Block> blocks) throws IOException {
        for (Block block : blocks) {
            if (html.bytes() < end) {
                block.writeTo(this);
            } else {
                leftOut++;
            }
        }
    }

    private void line(Line line) throws IOException {
        for (Span span : line.spans()) {
            switch (span.kind()) {
                case PLAIN -> html.text(span.text());
                case CODE -> html.element("code", span.text());
                case STRONG -> html.element("b", span.text());
                case LINK -> html.element("a href=\"#" + span.target() + "\"", span.text());
            }
        }
    }

    @Override
    public void paragraph(Block.Paragraph paragraph) throws IOException {
        switch (paragraph.style()) {
            case NORMAL -> html.raw("<p>");
            case LEAD -> html.raw("<p class=\"lead\">");
            case SUMMARY -> html.raw("<p class=\"summary\">");
            case CAUTION -> html.raw("<p class=\"caution\"><strong>Mind:</strong> ");
        }
        line(paragraph.line());
        html.line("</p>");
    }

    @Override
    public void heading(Block.Heading heading) throws IOException {
        html.element("h" + heading.level(), heading.text()).line("");
    }

    @Override
    public void items(Block.Items items) throws IOException {
        String tag = switch (items.kind()) {
            case BULLETS -> "ul";
            case NUMBERED -> "ol";
            case WALK -> "ol class=\"walk\"";
            case TAGS -> "ul class=\"tags\"";
            case SUSPECTS -> "ul class=\"suspects\"";
        };
        html.raw("<").raw(tag).raw(">");
        boolean first = items.kind() == Block.ListKind.TAGS;
        for (Item item : items.items()) {
            html.raw(first ? "<li class=\"strong\">" : "<li>");
            first = false;
            line(item.line());
            if (!item.command().isEmpty()) {
                html.raw("<br>").element("code class=\"command\"", item.command());
            }
            html.line("</li>");
        }
        html.line(tag.startsWith("ol") ? "</ol>" : "</ul>");
    }

    @Override
    public void table(Block.Table table) throws IOException {
        html.tableHead(table.caption(), table.columns().toArray(String[]::new));
        for (List<Block.Cell> row : table.rows()) {
            if (html.bytes() >= end) {
                leftOut++;
                continue;
            }
            html.raw("<tr>");
            for (Block.Cell cell : row) {
                cell(cell);
            }
            html.line("</tr>");
        }
        html.tableEnd();
    }

    private void cell(Block.Cell cell) throws IOException {
        switch (cell.kind()) {
            case HEAD -> html.raw("<th scope=\"row\">");
            case TEXT -> html.raw("<td>");
            case NUMBER -> html.raw("<td class=\"number\">");
            case NONE -> html.raw("<td class=\"number none\">");
            case COMMAND -> html.raw("<td><code class=\"command\">");
        }
        line(cell.line());
        switch (cell.kind()) {
            case HEAD -> html.raw("</th>");
            case COMMAND -> html.raw("</code></td>");
            default -> html.raw("</td>");
        }
    }

    @Override
    public void chain(Block.Chain chain) throws IOException {
        html.line("<ol class=\"chain\">");
        for (Block.Step step : chain.steps()) {
            html.raw(step.isEnd() ? "<li class=\"end\">" : step.isCut() ? "<li class=\"cut\">" : "<li>");
            html.raw("<span class=\"when\">").text(step.when());
            if (!step.timeNs().isEmpty()) {
                html.raw(" <br>").text(step.timeNs());
            }
            html.raw("</span> ").element("span", step.what()).line("</li>");
        }
        html.line("</ol>");
    }

    @Override
    public void details(Block.Details details) throws IOException {
        html.raw(details.isOpen() ? "<details open><summary>" : "<details><summary>");
        line(details.summary());
        html.line("</summary>");
        blocks(details.blocks());
        html.line("</details>");
    }

    @Override
    public void article(Block.Article article) throws IOException {
        String id = article.id();
        html.raw("<article class=\"fault\" id=\"" + id + "\" aria-labelledby=\"" + id + "-title\">");
        html.raw("<h3 id=\"" + id + "-title\"><span class=\"eyebrow\">")
                .text(article.eyebrow())
                .raw("</span> ");
        line(article.title());
        html.line("</h3>");
        blocks(article.blocks());
        html.line("</article>");
    }

    @Override
    public void boxes(Block.Boxes boxes) throws IOException {
        html.line("<div class=\"pair\">");
        for (Block.Box box : boxes.boxes()) {
            html.raw(box.isAdvice() ? "<div class=\"next\">" : "<div class=\"cannot\">");
            html.element("h4", box.title()).line("");
            items(box.items());
            html.line("</div>");
        }
        html.line("</div>");
    }

    @Override
    public void figures(Block.Figures figures) throws IOException {
        html.line("<dl class=\"figures\">");
        for (Block.Figure figure : figures.figures()) {
            html.raw("<div class=\"figure ").raw(figure.tone().style()).raw("\">");
            html.element("dt", figure.name()).raw("<dd>");
            html.element("a href=\"#" + figure.target() + "\"", figure.value()).line("</dd></div>");
        }
        html.line("</dl>");
    }

    @Override
    public void quote(Block.Quote quote) throws IOException {
        html.raw("<blockquote><p>");
        line(quote.line());
        html.line("</p></blockquote>");
    }

    @Override
    public void picture(Block.Picture picture) throws IOException {
        int number = ++pictures;
        html.element("p class=\"caption\" id=\"picture-" + number + "\"", picture.title())
                .line("");
        html.raw("<div class=\"scroll picture\" role=\"region\" tabindex=\"0\" aria-labelledby=\"picture-" + number
                + "\">");
        html.raw("<svg class=\"drawing\" viewBox=\"0 0 " + picture.width() + " " + picture.height());
        html.line("\" role=\"img\" aria-labelledby=\"picture-" + number + "\" aria-describedby=\"about-" + number
                + "\">");
        html.element("desc id=\"about-" + number + "\"", picture.description()).line("");
        html.raw(picture.body()).line("</svg></div>");
    }

    @Override
    public void timeline(Block.Timeline timeline) throws IOException {
        html.line("<div class=\"timeline\" id=\"timeline\" hidden>");
        html.line("<div class=\"tools\" role=\"group\" aria-label=\"Look into the timeline\">"
                + "<button type=\"button\" data-do=\"in\">Zoom in <kbd>+</kbd></button>"
                + "<button type=\"button\" data-do=\"out\">Zoom out <kbd>-</kbd></button>"
                + "<button type=\"button\" data-do=\"left\">Earlier <kbd>\u2190</kbd></button>"
                + "<button type=\"button\" data-do=\"right\">Later <kbd>\u2192</kbd></button>"
                + "<button type=\"button\" data-do=\"all\">All <kbd>0</kbd></button></div>");
        html.line("<fieldset class=\"kinds\"><legend>Kinds of event</legend></fieldset>");
        html.line("<div class=\"plot\" id=\"timeline-plot\" tabindex=\"0\" role=\"application\""
                + " aria-label=\"Timeline of events. Plus and minus zoom, left and right move, 0 shows all.\""
                + " aria-describedby=\"timeline-shown\"></div>");
        html.line("<p class=\"shown\" id=\"timeline-shown\" role=\"status\"></p>");
        html.line("<p>These events: <code class=\"command\" id=\"timeline-command\"></code></p></div>");
        // A block of data is no script: no browser runs it, and the policy has nothing to say of it.
        html.raw("<script type=\"application/json\" id=\"timeline-data\">");
        TimelineData.write(timeline, html);
        html.line("</script>");
    }
}
