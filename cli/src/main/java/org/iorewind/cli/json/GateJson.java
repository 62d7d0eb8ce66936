package org.iorewind.cli.json;

import java.io.IOException;
import org.iorewind.analyze.gate.Check;
import org.iorewind.analyze.gate.GateResult;

/** What a regression gate found. */
public final class GateJson {
    private GateJson() {}

    /**
     * Writes the fields of the result into the document.
     *
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, GateResult result) throws IOException {
        document.text("base", result.base()).text("new", result.now());
        document.number("regressions", result.regressions().size());
        document.number("divergences", result.divergences());
        document.json().writeArrayFieldStart("checks");
        for (Check check : result.checks()) {
            document.json().writeStartObject();
            document.text("name", check.name()).text("unit", check.unit());
            document.json().writeNumberField("base", check.before());
            document.json().writeNumberField("new", check.after());
            document.text("change", check.change());
            document.json().writeNumberField("allowedPercent", check.limit().percent());
            document.flag("exceeded", check.isExceeded());
            document.json().writeEndObject();
        }
        document.json().writeEndArray();
    }
}
