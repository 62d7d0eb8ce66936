package org.iorewind.samples.guide;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iorewind.samples.guide.Guide.Step;

/**
 * The guides to all samples, as {@code guides.txt} has them.
 *
 * <pre>
 *   [name]
 *   look   what there is to see
 *   run    a command
 *   shows  what stands in its output
 * </pre>
 */
public final class Guides {
    private Guides() {}

    /**
     * All guides by the name of their sample, in the order of the file.
     *
     * @throws IllegalStateException if the file has a line that is none of the above
     */
    public static Map<String, Guide> all() {
        Map<String, Guide> guides = new LinkedHashMap<>();
        Sections.of(Guides.class, "guides.txt").forEach((name, section) -> guides.put(name, guide(section)));
        return guides;
    }

    /** The guide to a sample. */
    public static Optional<Guide> to(String name) {
        return Optional.ofNullable(all().get(name));
    }

    private static Guide guide(Sections.Section section) {
        List<Step> steps = new ArrayList<>();
        for (Sections.Line line : section.lines()) {
            switch (line.key()) {
                case "look" -> {}
                case "run" -> steps.add(new Step(line.text(), List.of()));
                case "shows" -> show(section.name(), steps, line.text());
                default ->
                    throw new IllegalStateException(
                            "guides.txt, [" + section.name() + "]: expected look, run or shows, found: " + line.key());
            }
        }
        return new Guide(section.name(), section.required("look"), steps);
    }

    private static void show(String name, List<Step> steps, String text) {
        if (steps.isEmpty()) {
            throw new IllegalStateException("guides.txt, [" + name + "]: expected run before shows " + text);
        }
        Step last = steps.remove(steps.size() - 1);
        List<String> shows = new ArrayList<>(last.shows());
        shows.add(text);
        steps.add(new Step(last.command(), shows));
    }
}
