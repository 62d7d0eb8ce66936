package org.iorewind.samples;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.samples.guide.Guide;
import org.iorewind.samples.guide.Guides;
import org.iorewind.samples.scenario.Scenario;
import org.iorewind.samples.scenario.Scenarios;

/**
 * An entry of the catalogue.
 *
 * @param name short name, unique
 * @param isCapture whether it is the log of a real machine, not a scenario
 * @param tags what it is about; of a capture its fidelity
 * @param story what happens
 * @param guide what to look for
 */
public record Sample(String name, boolean isCapture, List<String> tags, String story, Guide guide) {
    /** Copies the tags. */
    public Sample {
        tags = List.copyOf(tags);
    }

    /** All of them: scenarios, then captures. */
    public static List<Sample> list() {
        var guides = Guides.all();
        List<Sample> all = new ArrayList<>();
        for (Scenario scenario : Scenarios.list()) {
            Guide guide = guides.getOrDefault(scenario.name(), new Guide(scenario.name(), "", List.of()));
            all.add(new Sample(scenario.name(), false, scenario.tags(), scenario.story(), guide));
        }
        for (Capture capture : Captures.list()) {
            Guide guide = guides.getOrDefault(capture.name(), new Guide(capture.name(), "", List.of()));
            all.add(new Sample(capture.name(), true, List.of(capture.fidelity()), capture.story(), guide));
        }
        return all;
    }
}
