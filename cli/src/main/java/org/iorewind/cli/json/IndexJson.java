package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.iorewind.replay.checkpoint.Checkpoint;
import org.iorewind.replay.checkpoint.CheckpointStore;

/** The checkpoints of a trace. */
public final class IndexJson {
    private IndexJson() {}

    /**
     * Writes the fields.
     *
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, String trace, long events, CheckpointStore store)
            throws IOException {
        JsonGenerator json = document.json();
        document.text("trace", trace).number("events", events);
        json.writeArrayFieldStart("checkpoints");
        for (long next : store.sequences()) {
            Checkpoint checkpoint = store.floor(next);
            if (checkpoint != null && checkpoint.next() == next) {
                json.writeStartObject();
                document.number("before", next);
                document.number("faults", checkpoint.counts().faults());
                document.number("divergences", checkpoint.counts().divergences());
                document.number("stateBytes", checkpoint.stateBytes());
                document.number("pages", checkpoint.pages());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }
}
