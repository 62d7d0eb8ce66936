package org.iorewind.trace.json;

import java.io.ByteArrayInputStream;
import org.iorewind.trace.EventList;
import org.iorewind.trace.TraceFormatException;

/** Fuzz target: an import of JSON Lines. */
public final class JsonLinesFuzz {
    private JsonLinesFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            JsonLinesImporter.importTo(new ByteArrayInputStream(input), "fuzz", new EventList());
        } catch (TraceFormatException refused) {
            // A named refusal is the right answer to most inputs.
        }
    }
}
