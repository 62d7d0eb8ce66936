package org.iorewind.analyze.document;

import java.io.IOException;

/** Gives blocks a form. One method for each kind of block. */
interface BlockWriter {
    void paragraph(Block.Paragraph paragraph) throws IOException;

    void heading(Block.Heading heading) throws IOException;

    void items(Block.Items items) throws IOException;

    void table(Block.Table table) throws IOException;

    void chain(Block.Chain chain) throws IOException;

    void details(Block.Details details) throws IOException;

    void article(Block.Article article) throws IOException;

    void boxes(Block.Boxes boxes) throws IOException;

    void figures(Block.Figures figures) throws IOException;

    void quote(Block.Quote quote) throws IOException;

    void picture(Block.Picture picture) throws IOException;

    void timeline(Block.Timeline timeline) throws IOException;
}
