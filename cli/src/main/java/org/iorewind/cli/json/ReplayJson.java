package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.iorewind.replay.Divergence;
import org.iorewind.replay.Fault;
import org.iorewind.replay.ReplayResult;
import org.iorewind.trace.schema.EventTable;

/** The result of a replay. */
public final class ReplayJson {
    private ReplayJson() {}

    /**
     * Writes the fields of a replay's result into the document.
     *
     * @param trace path as given by the user
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, String trace, ReplayResult result) throws IOException {
        JsonGenerator json = document.json();
        document.text("trace", trace);
        json.writeObjectFieldStart("events");
        document.number("total", result.events()).counts("byKind", result.byKind());
        json.writeEndObject();
        json.writeObjectFieldStart("observations");
        document.number("compared", result.observations().compared());
        document.number("matched", result.observations().matched());
        document.number("knownDeviations", result.observations().knownDeviations());
        document.number("divergences", result.observations().divergences());
        document.number("notComparable", result.observations().notComparable());
        json.writeEndObject();
        json.writeArrayFieldStart("firstDivergences");
        for (Divergence divergence : result.firstDivergences()) {
            divergence(document, divergence);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("faults");
        for (Fault fault : result.faults()) {
            fault(document, fault);
        }
        json.writeEndArray();
        document.number("gaps", result.gaps());
        document.text("fidelity", result.fidelity());
        document.text("stateHash", result.stateHash());
        document.text("profile", result.profile());
        document.number("faultCount", result.faultCount());
        document.counts("knownDeviations", result.knownDeviations());
        document.counts("notModelled", result.notModelled());
        document.counts("notRecorded", result.notRecorded());
        document.flag("ended", result.ended());
        document.number("lastTimeNs", result.lastTimeNs());
        document.text("sessionId", result.session().sessionId());
        document.text("contract", result.session().contract());
    }

    private static void divergence(JsonDocument document, Divergence divergence) throws IOException {
        document.json().writeStartObject();
        document.number("sequence", divergence.sequence());
        document.number("inputSequence", divergence.inputSequence());
        document.text("kind", divergence.kind());
        document.text("field", divergence.field());
        document.text("recorded", divergence.recorded());
        document.text("predicted", divergence.predicted());
        document.text("deviation", divergence.deviation());
        document.text("state", divergence.state());
        document.json().writeEndObject();
    }

    private static void fault(JsonDocument document, Fault fault) throws IOException {
        document.json().writeStartObject();
        document.number("sequence", fault.sequence());
        document.text("device", EventTable.bdf(fault.requester()));
        document.hex("address", fault.address());
        document.text("cause", fault.cause());
        document.number("timeNs", fault.timeNs());
        document.text("decision", fault.decision().name());
        document.flag("observed", fault.observed());
        document.json().writeEndObject();
    }
}
