package org.iorewind.samples;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.iorewind.samples.Capture.Form;
import org.iorewind.samples.guide.Sections;

/** The recordings of real machines that come with iorewind, as {@code captures.txt} has them. */
public final class Captures {
    private Captures() {}

    /** All captures; the first is the one to show. */
    public static List<Capture> list() {
        return Sections.of(Captures.class, "captures/captures.txt").values().stream()
                .map(Captures::capture)
                .toList();
    }

    /** Those that are a log of QEMU; the first is that of {@link #list()}. */
    public static List<Capture> logs() {
        return list().stream()
                .filter(capture -> capture.form() == Form.QEMU_LOG)
                .toList();
    }

    /** The capture with this name. */
    public static Optional<Capture> named(String name) {
        return list().stream().filter(capture -> capture.name().equals(name)).findFirst();
    }

    private static Capture capture(Sections.Section section) {
        String form = section.required("form");
        return new Capture(
                section.name(),
                Arrays.stream(Form.values())
                        .filter(known -> known.ending().equals("." + form))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(
                                "captures.txt, [" + section.name() + "]: expected log.zst or iorw, found " + form)),
                section.required("fidelity"),
                List.of(section.required("tags").split(", ")),
                section.required("story"),
                section.required("made"),
                section.required("misses"));
    }
}
