package org.iorewind.cli.view;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.cli.Terminal;
import org.iorewind.samples.Sample;
import org.iorewind.samples.guide.Guide;

/** The samples that come with the program, for people. */
public final class SamplesView {
    private static final String PROGRAM = "iorewind ";

    private SamplesView() {}

    /** Prints a list of them. */
    public static void print(Terminal terminal, List<Sample> samples) {
        Lines lines = new Lines(terminal);
        section(lines, "Scenarios", samples, false);
        section(lines, "Captures of real machines", samples, true);
        lines.next("samples " + samples.get(0).name());
    }

    private static void section(Lines lines, String heading, List<Sample> samples, boolean captures) {
        List<Sample> own = samples.stream()
                .filter(sample -> sample.isCapture() == captures)
                .toList();
        if (!own.isEmpty()) {
            lines.heading(heading);
            own.forEach(sample -> lines.fact(sample.name(), sample.story()));
        }
    }

    /** Prints all that is to be said of one. */
    public static void print(Terminal terminal, Sample sample) {
        Lines lines = new Lines(terminal);
        lines.heading(sample.name());
        lines.paragraph("  ", sample.story());
        lines.heading("Look for");
        lines.paragraph("  ", sample.guide().lookFor());
        List<String> commands = new ArrayList<>();
        if (!sample.isCapture()) {
            commands.add("record sample " + sample.name() + " -o " + sample.name() + ".iorw");
        }
        sample.guide().steps().stream()
                .map(Guide.Step::command)
                .map(command -> command.substring(PROGRAM.length()))
                .forEach(commands::add);
        lines.next(commands.toArray(String[]::new));
    }
}
