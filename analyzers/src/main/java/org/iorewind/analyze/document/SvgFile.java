package org.iorewind.analyze.document;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.text.PlainText;

/** Drawings of a document as files of their own, which need nothing else. Stateless. */
public final class SvgFile {
    /** The colours of the report's style sheet, light and dark. */
    private static final String STYLE = """
        text{fill:#1b222c;font:13px system-ui,sans-serif}.tick,.total,.small{fill:#556070}
        .grid,.base{stroke:#d8dde4;fill:none}.mark{stroke:#b3261e;stroke-dasharray:2 3;fill:none}
        .flag,.t-bad{fill:#b3261e}.k-input,.bar{fill:#2f6fb5}.k-observation{fill:#7a55b8}.k-marker{fill:#12805c}
        .k-book{fill:#76808d}.box{fill:#f6f7f9;stroke:#76808d}.box-bad{fill:#fdf1f0;stroke:#b3261e}
        .arrow{stroke:#556070;fill:none}.small{font-size:11px}
        @media (prefers-color-scheme:dark){text{fill:#e5e9ef}.tick,.total,.small{fill:#a2adbb}
        .grid,.base{stroke:#313a46}.mark{stroke:#ff8d83}.flag,.t-bad{fill:#ff8d83}.k-input,.bar{fill:#6fa8e8}
        .k-observation{fill:#b394ee}.k-marker{fill:#4fc79c}.k-book{fill:#8d98a6}
        .box{fill:#191f27;stroke:#8d98a6}.box-bad{fill:#2a1817;stroke:#ff8d83}.arrow{stroke:#a2adbb}}
        """;

    private SvgFile() {}

    /** All drawings of a document, in order; each has a name of its own. */
    public static List<Block.Picture> of(Document document) {
        List<Block.Picture> found = new ArrayList<>();
        document.sections().forEach(section -> collect(section.blocks(), found));
        return found;
    }

    private static void collect(List<Block> blocks, List<Block.Picture> found) {
        for (Block block : blocks) {
            if (block instanceof Block.Picture picture) {
                found.add(picture);
            } else if (block instanceof Block.Article article) {
                collect(article.blocks(), found);
            } else if (block instanceof Block.Details details) {
                collect(details.blocks(), found);
            }
        }
    }

    /**
     * Writes one.
     *
     * @param out takes the characters; to be encoded as UTF-8
     * @throws IOException from {@code out}
     */
    public static void write(Block.Picture picture, Appendable out) throws IOException {
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + picture.width() + " " + picture.height()
                + "\" width=\"" + picture.width() + "\" height=\"" + picture.height() + "\" role=\"img\">\n");
        out.append("<title>").append(escape(picture.title())).append("</title>\n");
        out.append("<desc>").append(escape(picture.description())).append("</desc>\n");
        out.append("<style>\n").append(STYLE).append("</style>\n");
        out.append(picture.body()).append("</svg>\n");
    }

    private static String escape(String text) {
        return HtmlWriter.escape(PlainText.clip(text, HtmlWriter.TEXT_LIMIT));
    }
}
