package org.iorewind.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.samples.guide.Guide;
import org.iorewind.samples.guide.Guides;
import org.iorewind.samples.scenario.Scenario;
import org.iorewind.samples.scenario.Scenarios;

/**
 * An entry of the catalogue.
 *
 * @param name short name, unique
 * @param kind where it comes from
 * @param tags what it is about; the last one of a capture is its fidelity
 * @param story what happens
 * @param made of a capture how it was made, else empty
 * @param misses of a capture what it cannot show, else empty
 * @param commands that make the trace {@code NAME.iorw}, in this order
 * @param guide what to look for in it
 */
public record Sample(
        String name,
        Kind kind,
        List<String> tags,
        String story,
        String made,
        String misses,
        List<String> commands,
        Guide guide) {
    /** Where a sample comes from. */
    public enum Kind {
        /** Modelled software around a modelled IOMMU, recorded when it is asked for. */
        WORKLOAD("workload"),
        /** A recording of a real machine. */
        CAPTURE("capture");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** As people and programs read it. */
        public String label() {
            return label;
        }
    }

    /** Copies the lists. */
    public Sample {
        tags = List.copyOf(tags);
        commands = List.copyOf(commands);
    }

    /** All of them: scenarios, then captures. */
    public static List<Sample> list() {
        var guides = Guides.all();
        List<Sample> all = new ArrayList<>();
        for (Scenario scenario : Scenarios.list()) {
            String name = scenario.name();
            all.add(new Sample(
                    name,
                    Kind.WORKLOAD,
                    scenario.tags(),
                    scenario.story(),
                    "",
                    "",
                    List.of("iorewind record sample " + name + " -o " + name + ".iorw"),
                    guides.getOrDefault(name, new Guide(name, "", List.of()))));
        }
        for (Capture capture : Captures.list()) {
            all.add(new Sample(
                    capture.name(),
                    Kind.CAPTURE,
                    Stream.concat(capture.tags().stream(), Stream.of(capture.fidelity()))
                            .toList(),
                    capture.story(),
                    capture.made(),
                    capture.misses(),
                    capture.commands(),
                    guides.getOrDefault(capture.name(), new Guide(capture.name(), "", List.of()))));
        }
        return all;
    }
}
