package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.iorewind.record.live.RecordingOutcome;
import org.iorewind.record.qemu.Addition;
import org.iorewind.record.qemu.RecordingPlan;

/** A recording of a live machine: how it would be made, and how it ended. */
public final class RecordingJson {
    private RecordingJson() {}

    /**
     * Writes a plan's fields into the document.
     *
     * @throws IOException from the stream
     */
    public static void plan(JsonDocument document, RecordingPlan plan) throws IOException {
        document.text("qemu", plan.capabilities().version().text()).text("platform", plan.platform());
        document.text("fidelity", plan.facts().annotated() ? "full" : "observed");
        document.text("mode", plan.way().label()).text("profile", plan.facts().profile());
        JsonGenerator json = document.json();
        json.writeArrayFieldStart("additions");
        for (Addition addition : plan.additions()) {
            json.writeStartObject();
            document.texts("words", addition.words()).text("why", addition.why());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("environment");
        for (var variable : plan.environment().entrySet()) {
            json.writeStringField(variable.getKey(), variable.getValue());
        }
        json.writeEndObject();
        document.texts("changes", plan.changes()).texts("warnings", plan.warnings());
        document.text("contract", plan.contract()).texts("command", plan.words());
    }

    /**
     * Writes the fields of a recording's end into the document.
     *
     * @param trace path of the new trace, as given by the user
     * @throws IOException from the stream
     */
    public static void outcome(JsonDocument document, String trace, RecordingOutcome outcome) throws IOException {
        document.number("lines", outcome.status().lines())
                .number("events", outcome.status().events());
        document.number("gaps", outcome.status().gaps())
                .number("lateReadings", outcome.status().lateReadings());
        document.number("durationNs", outcome.status().elapsedNs());
        document.text("reason", outcome.reason().name()).text("note", outcome.note());
        document.number("qemuExitCode", outcome.exitCode()).flag("qemuKilled", outcome.killed());
        document.counts("skipped", outcome.result().skipped())
                .counts("folded", outcome.result().folded());
        document.number("unparsed", outcome.result().unparsed());
        document.texts("unparsedExamples", outcome.result().unparsedExamples());
        document.text("trace", trace).text("profile", outcome.result().profile());
        document.text("contract", outcome.result().contract());
    }
}
