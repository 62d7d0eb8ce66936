package org.iorewind.cli.view;

import java.util.List;
import java.util.stream.Collectors;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.Terminal;
import org.iorewind.record.qemu.Addition;
import org.iorewind.record.qemu.RecordingPlan;

/** How a QEMU would be started, as text. */
public final class PlanView {
    private PlanView() {}

    /** Prints what is added and why, what will be missing, and the whole command line. */
    public static void print(RecordingPlan plan, Terminal terminal) {
        Lines lines = new Lines(terminal);
        lines.fact("QEMU", plan.capabilities().version().text());
        lines.fact("machine", plan.platform());
        lines.fact("fidelity", plan.facts().annotated() ? "full" : "observed");
        lines.fact("mode", plan.way().label());
        lines.heading("Added to your command line");
        for (Addition addition : plan.additions()) {
            lines.line("  " + words(addition.words()));
            lines.line("      " + addition.why());
        }
        list(lines, "Changed", plan.changes());
        list(lines, "Beware", plan.warnings());
        lines.heading("What the recording can miss");
        lines.line("  " + plan.contract());
        lines.heading("QEMU would be started as");
        String environment = plan.environment().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + ShellWord.quote(entry.getValue()) + " ")
                .collect(Collectors.joining());
        lines.line("  " + environment + words(plan.words()));
    }

    private static void list(Lines lines, String heading, List<String> sentences) {
        if (!sentences.isEmpty()) {
            lines.heading(heading);
            for (String sentence : sentences) {
                lines.line("  " + sentence);
            }
        }
    }

    private static String words(List<String> words) {
        return words.stream().map(ShellWord::quote).collect(Collectors.joining(" "));
    }
}
