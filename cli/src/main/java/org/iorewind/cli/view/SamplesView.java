package org.iorewind.cli.view;

import org.iorewind.cli.Terminal;
import org.iorewind.samples.Capture;
import org.iorewind.samples.Captures;
import org.iorewind.samples.scenario.Scenario;
import org.iorewind.samples.scenario.Scenarios;

/** The samples that come with the program, for people. */
public final class SamplesView {
    private SamplesView() {}

    /** Prints them. */
    public static void print(Terminal terminal) {
        Lines lines = new Lines(terminal);
        lines.heading("Scenarios");
        for (Scenario scenario : Scenarios.list()) {
            lines.fact(scenario.name(), scenario.story());
        }
        lines.heading("Captures of real machines");
        for (Capture capture : Captures.list()) {
            lines.fact(capture.name(), capture.story());
        }
        String first = Scenarios.list().get(0).name();
        lines.next(
                "record sample " + first + " -o " + first + ".iorw",
                "demo --capture " + Captures.list().get(0).name());
    }
}
