package org.iorewind.analyze.document;

import java.io.IOException;
import java.util.List;

/** A piece of a document. */
public sealed interface Block {
    /** Hands itself to the method that is made for it. */
    void writeTo(BlockWriter writer) throws IOException;

    /** How a paragraph is meant. */
    enum Style {
        /** Prose. */
        NORMAL,
        /** The sentence under a verdict. */
        LEAD,
        /** Who, where, what, why. */
        SUMMARY,
        /** What limits a conclusion. */
        CAUTION
    }

    /**
     * A paragraph.
     *
     * @param style how it is meant
     * @param line its text
     */
    record Paragraph(Style style, Line line) implements Block {
        /** Prose. */
        public static Paragraph of(String text) {
            return new Paragraph(Style.NORMAL, Line.of(text));
        }

        @Override
        public void writeTo(BlockWriter writer) throws IOException {
            writer.paragraph(this);
        }
    }

    /**
     * A heading below that of the section.
     *
     * @param level 3 or 4
     * @param text of it
     */
    record Heading(int level, String text) implements Block {
        @Override
        public void writeTo(BlockWriter writer) throws IOException {
            writer.heading(this);
        }
    }

    /** What a list holds. */
    enum ListKind {
        /** In no order. */
        BULLETS,
        /** Evidence, in order. */
        NUMBERED,
        /** Steps of a walk through tables, in order. */
        WALK,
        /** Short labels, the first of which is the most important. */
        TAGS,
        /** The faults in the first screen. */
        SUSPECTS
    }

    /**
     * An item of a list.
     *
     * @param line its text
     * @param command to type, or empty
     */
    record Item(Line line, String command) {
        /** Only text. */
        public static Item of(String text) {
            return new Item(Line.of(text), "");
        }
    }

    /**
     * A list.
     *
     * @param kind of its items
     * @param items in order
     */
    record Items(ListKind kind, List<Item> items) implements Block {
        /** Copies the items. */
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public void writeTo(BlockWriter writer) throws IOException {
            writer.items(this);
        }
    }

    /** What a cell holds. */
    enum CellKind {
        /** Names its row. */
        HEAD,
        /** Text. */
        TEXT,
        /** A number, set to the right. */
        NUMBER,
        /** A number that is 0 where others are not. */
        NONE,
        /** A command to type. */
        COMMAND
    }

    /**
     * A cell of a table.
     *
     * @param kind of its content
     * @param line its text
     */
    record Cell(CellKind kind, Line line) {
        /** Of plain text. */
        public static Cell of(CellKind kind, String text) {
            return new Cell(kind, Line.of(text));
        }
    }

    /**
     * A table.
     *
     * @param caption what it is
     * @param columns their names; those of numbers begin with {@code #}
     * @param rows of as many cells as there are columns
     */
    record Table(String caption, List<String> columns, List<List<Cell>> rows) implements Block {
        /** Copies columns and rows. */
        public Table {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }

        @Override
        public void writeTo(BlockWriter writer) throws IOException {
            writer.table(this);
        }
    }

    /**
     * A step of a chain of causes.
     *
     * @param when sequence number and time in words, or another word
     * @param timeNs and empty if the step has none
     * @param what happened
     * @param isEnd whether it is the fault itself
     * @param isCut whether it stands for steps that are not shown
     */
    record Step(String when, String timeNs, String what, boolean isEnd, boolean isCut) {}

    /**
     * A chain of causes, the fault last.
     *
     * @param steps oldest first
     */
    record Chain(List<Step> steps) implements Block {
        /** Copies the steps. */
        public Chain {
            steps = List.copyOf(steps);
        }

        @Override
        public void writeTo(BlockWriter writer) throws IOException {
            writer.chain(this);
        }
    }

    /**
     * Blocks that can be folded away.
     *
     * @param summary what stays in sight
     * @param isOpen whether they are shown at first
     * @param blocks in order
     */
    record Details(Line summary, boolean isOpen, List<Block> blocks) implements Block {
        /** Copies the blocks. */
        public Details {
            blocks = List.copyOf(blocks);
        }

        @Override
        public void writeTo(BlockWriter writer) throws IOException {
            writer.details(this);
        }
    }

    /**
     * A fault with all that is said of it.
     *
     * @param id its place in the document
     * @param eyebrow its number in words
     * @param title who and where
     * @param blocks in order
     */
    record Article(String id, String eyebrow, Line title, List<Block> blocks) implements Block {
        /** Copies the blocks. */
        public Article {
            blocks = List.copyOf(blocks);
        }

        @Override
        public void writeTo(BlockWriter writer) throws IOException {
            writer.article(this);
        }
    }

    /**
     * A list with a frame and a title.
     *
     * @param isAdvice whether it says what to do; else what cannot be known
     * @param title of it
     * @param items in order
     */
    record Box(boolean isAdvice, String title, Items items) {}

    /**
     * Boxes side by side.
     *
     * @param boxes from left to right
     */
    record Boxes(List<Box> boxes) implements Block {
        /** Copies the boxes. */
        public Boxes {
            boxes = List.copyOf(boxes);
        }

        @Override
        public void writeTo(BlockWriter writer) throws IOException {
            writer.boxes(this);
        }
    }

    /**
     * A number of the first screen.
     *
     * @param name of it
     * @param value in words
     * @param tone of it
     * @param target id of the section that has more of it
     */
    record Figure(String name, String value, Tone tone, String target) {}

    /**
     * Numbers of the first screen.
     *
     * @param figures in order
     */
    record Figures(List<Figure> figures) implements Block {
        /** Copies the figures. */
        public Figures {
            figures = List.copyOf(figures);
        }

        @Override
        public void writeTo(BlockWriter writer) throws IOException {
            writer.figures(this);
        }
    }

    /**
     * Words of somebody else.
     *
     * @param line the words
     */
    record Quote(Line line) implements Block {
        @Override
        public void writeTo(BlockWriter writer) throws IOException {
            writer.quote(this);
        }
    }

    /**
     * A drawing. Its body is markup of this house's {@link SvgCanvas}, in which every text is escaped already.
     *
     * @param name of its file, without folder and ending; small letters, digits and hyphens
     * @param title what it shows
     * @param description for who cannot see it
     * @param width in units, 1 to 10,000
     * @param height in units, 1 to 100,000
     * @param body elements inside {@code svg}
     */
    record Picture(String name, String title, String description, int width, int height, String body) implements Block {
        @Override
        public void writeTo(BlockWriter writer) throws IOException {
            writer.picture(this);
        }
    }

    /**
     * A row of numbers over time.
     *
     * @param name of the row
     * @param style class of its colour
     * @param counts one for each slice of time
     */
    record Series(String name, String style, long[] counts) {}

    /**
     * A moment that is marked.
     *
     * @param timeNs ns since the session's start
     * @param label in words
     */
    record Mark(long timeNs, String label) {}

    /**
     * Counts over time that a reader can look into. Needs a form that can act; others show the picture beside it.
     *
     * @param startNs of the first slice
     * @param sliceNs length of a slice, at least 1
     * @param series rows of equal length
     * @param marks moments that are marked
     * @param command beginning of the command that lists the events of a span of time
     */
    record Timeline(long startNs, long sliceNs, List<Series> series, List<Mark> marks, String command)
            implements Block {
        /** Copies series and marks. */
        public Timeline {
            series = List.copyOf(series);
            marks = List.copyOf(marks);
        }

        @Override
        public void writeTo(BlockWriter writer) throws IOException {
            writer.timeline(this);
        }
    }
}
