package org.iorewind.analyze.report;

import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.Section;
import org.iorewind.analyze.document.Tone;

/** The list of commands as a section. */
final class CommandSection {
    private static final int ROOM = 60_000;

    private CommandSection() {}

    static Section of(Analysis analysis) {
        Rows rows = new Rows("Commands", "Statement", "Command");
        for (CommandList.Entry entry : CommandList.of(analysis)) {
            rows.row(entry.statement()).command(entry.command());
        }
        return new Section(
                "commands",
                "See it yourself",
                "See it yourself",
                Tone.PLAIN,
                ROOM,
                List.of(
                        Block.Paragraph.of("Every statement above comes from the trace and can be had again:"),
                        rows.table()),
                List.of());
    }
}
