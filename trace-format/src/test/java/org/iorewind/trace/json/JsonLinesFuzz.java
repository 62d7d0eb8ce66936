package org.iorewind.trace.json;

import java.io.ByteArrayInputStream;
import org.iorewind.trace.EventList;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.VisibleText;

/** Fuzz target: an import of JSON Lines. A refusal is short and plain. */
public final class JsonLinesFuzz {
    private static final int LONGEST_MESSAGE = 2000;

    private JsonLinesFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            JsonLinesImporter.importTo(new ByteArrayInputStream(input), "fuzz", new EventList());
        } catch (TraceFormatException refused) {
            String message = String.valueOf(refused.getMessage());
            if (message.length() > LONGEST_MESSAGE || message.codePoints().anyMatch(VisibleText::acts)) {
                throw new AssertionError("a message that cannot be shown", refused);
            }
        }
    }
}
