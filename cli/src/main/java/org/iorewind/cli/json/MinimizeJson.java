package org.iorewind.cli.json;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.iorewind.replay.minimize.Minimizer;
import org.jspecify.annotations.Nullable;

/** What is left of a trace. */
public final class MinimizeJson {
    private MinimizeJson() {}

    /**
     * Writes the fields.
     *
     * @param what name of what was asked: {@code predicate} or {@code script}
     * @param found what is left, empty if even the whole trace does not show it
     * @throws IOException from the stream
     */
    public static void write(
            JsonDocument document,
            String trace,
            String what,
            String asked,
            Optional<Minimizer.Result> found,
            Path target,
            @Nullable Path jsonl)
            throws IOException {
        document.text("trace", trace).text(what, asked).flag("found", found.isPresent());
        if (found.isEmpty()) {
            return;
        }
        Minimizer.Result result = found.get();
        document.text("output", target.toString());
        if (jsonl != null) {
            document.text("jsonl", jsonl.toString());
        }
        document.number("events", result.events())
                .number("kept", result.selection().events());
        document.number("replays", result.replays()).flag("minimal", result.isMinimal());
    }
}
