package org.iorewind.cli.view;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.ShellWord;
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
        section(lines, "Scenarios", samples, Sample.Kind.WORKLOAD);
        section(lines, "Captures of real machines", samples, Sample.Kind.CAPTURE);
        lines.next("samples " + samples.get(0).name());
    }

    private static void section(Lines lines, String heading, List<Sample> samples, Sample.Kind kind) {
        List<Sample> own =
                samples.stream().filter(sample -> sample.kind() == kind).toList();
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
        if (sample.kind() == Sample.Kind.CAPTURE) {
            lines.heading("How it was made");
            lines.paragraph("  ", sample.made());
            lines.heading("What it cannot show");
            lines.paragraph("  ", sample.misses());
        }
        lines.next(commands(sample).toArray(String[]::new));
    }

    /**
     * Prints that a capture was written, and what to do with it now.
     *
     * @param name the name that the commands of the sample give the file
     * @param file the one that it got
     */
    public static void printCopied(Terminal terminal, Sample sample, String name, Path file) {
        Lines lines = new Lines(terminal);
        lines.line(file + ": " + Notation.size(file.toFile().length()));
        String word = ShellWord.quote(file.toString());
        lines.next(commands(sample)
                .skip(1)
                .map(command -> command.replace(name, word))
                .toArray(String[]::new));
    }

    /** What makes the trace, then what finds something in it; without the program's name. */
    private static Stream<String> commands(Sample sample) {
        return Stream.concat(
                        sample.commands().stream(),
                        sample.guide().steps().stream().map(Guide.Step::command))
                .map(command -> command.substring(PROGRAM.length()));
    }
}
