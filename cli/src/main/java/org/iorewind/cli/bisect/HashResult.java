package org.iorewind.cli.bisect;

import java.util.List;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.bisect.StateHashes;
import org.iorewind.replay.bisect.StateHashes.Comparison;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/**
 * Where this program's states differ from those of another build.
 *
 * @param comparison where
 * @param modelVersion of the other build, -1 if its file does not say; of another version states have other parts
 * @param event the first one that leads to another state, if it is known exactly
 */
public record HashResult(
        Comparison comparison, int modelVersion, @Nullable FoundEvent event) {
    /**
     * Replays and compares.
     *
     * @param lines of the other build
     * @throws IllegalArgumentException if they are something else, or of another recording, profile or options
     */
    public static HashResult compare(TraceReader trace, ReplayOptions options, List<String> lines) {
        Comparison found = StateHashes.compare(trace, options, StateHashes.parse(lines, trace, options));
        boolean isExact = found.firstUnlike() >= 0 && found.firstUnlike() == found.lastAlike() + 1;
        return new HashResult(
                found, StateHashes.modelVersion(lines), isExact ? FoundEvent.read(trace, found.firstUnlike()) : null);
    }
}
