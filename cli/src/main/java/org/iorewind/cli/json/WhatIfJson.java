package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.whatif.WhatIf;

/** What would have been: the fields of a replay, and what was otherwise. */
public final class WhatIfJson {
    private WhatIfJson() {}

    /**
     * Writes the fields.
     *
     * @param recorded the replay of what was
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, String trace, WhatIf.Result result, ReplayResult recorded)
            throws IOException {
        ReplayJson.write(document, trace, result.replay());
        JsonGenerator json = document.json();
        json.writeObjectFieldStart("whatIf");
        document.number("droppedEvents", result.droppedEvents());
        document.number("droppedCommands", result.droppedCommands());
        document.number("injected", result.injected());
        document.number("differences", result.replay().observations().divergences());
        document.number("recordedDivergences", recorded.observations().divergences());
        document.number("recordedFaults", recorded.faultCount());
        document.text("recordedStateHash", recorded.stateHash());
        json.writeEndObject();
    }
}
