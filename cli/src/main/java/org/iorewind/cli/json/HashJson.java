package org.iorewind.cli.json;

import java.io.IOException;
import java.util.OptionalLong;
import org.iorewind.cli.bisect.FoundEvent;
import org.iorewind.cli.bisect.HashResult;

/** Where the states of two builds differ. */
public final class HashJson {
    private HashJson() {}

    /**
     * Writes the fields.
     *
     * @param name of what the other build was asked by: {@code hashes} or {@code build}
     * @param other the file or the program
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, String trace, String name, String other, HashResult result)
            throws IOException {
        FoundEvent event = result.event();
        document.text("trace", trace).text(name, other);
        BisectJson.sequence(document.json(), "modelVersion", sequence(result.modelVersion()));
        BisectJson.sequence(document.json(), "sequence", sequence(event == null ? -1 : event.sequence()));
        BisectJson.sequence(
                document.json(), "lastAlike", sequence(result.comparison().lastAlike()));
        BisectJson.sequence(
                document.json(), "firstUnlike", sequence(result.comparison().firstUnlike()));
        document.flag("stateDiffers", result.comparison().isStateUnlike());
        document.number("compared", result.comparison().compared());
        document.number("outcomesCompared", result.comparison().outcomesCompared());
        if (event != null) {
            document.number("timeNs", event.timeNs()).text("kind", event.kind()).text("event", event.line());
        }
    }

    private static OptionalLong sequence(long value) {
        return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
