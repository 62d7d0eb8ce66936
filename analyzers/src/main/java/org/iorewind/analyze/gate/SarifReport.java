package org.iorewind.analyze.gate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;

/** A gate's result as SARIF 2.1.0: a result for each regression. Stateless. */
public final class SarifReport {
    private static final String RULE = "cost-regression";

    private SarifReport() {}

    /**
     * Writes the document; the stream stays open.
     *
     * @throws IOException from {@code out}
     */
    public static void write(GateResult result, OutputStream out) throws IOException {
        JsonFactory factory = new JsonFactory();
        factory.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        try (JsonGenerator json = factory.createGenerator(out).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            json.writeStringField("version", "2.1.0");
            json.writeArrayFieldStart("runs");
            json.writeStartObject();
            tool(json);
            json.writeArrayFieldStart("results");
            for (Check check : result.regressions()) {
                result(json, result, check);
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void tool(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("tool");
        json.writeObjectFieldStart("driver");
        json.writeStringField("name", "iorewind");
        json.writeArrayFieldStart("rules");
        json.writeStartObject();
        json.writeStringField("id", RULE);
        text(json, "shortDescription", "The same work costs more than it did");
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void result(JsonGenerator json, GateResult result, Check check) throws IOException {
        json.writeStartObject();
        json.writeStringField("ruleId", RULE);
        json.writeStringField("level", "error");
        text(json, "message", check.sentence());
        json.writeArrayFieldStart("locations");
        json.writeStartObject();
        json.writeObjectFieldStart("physicalLocation");
        json.writeObjectFieldStart("artifactLocation");
        json.writeStringField("uri", uri(result.now()));
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, String text) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("text", text);
        json.writeEndObject();
    }

    /**
     * A path as a relative reference, or an absolute one as a URI of a file (SARIF 2.1.0, 3.4.3): whatever is not plain is
     * written as bytes of UTF-8 in hexadecimal digits.
     */
    private static String uri(String path) {
        StringBuilder text = new StringBuilder(path.startsWith("/") ? "file://" : "");
        for (byte each : path.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xFF);
            boolean isPlain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~/".indexOf(c) >= 0);
            if (isPlain) {
                text.append(c);
            } else {
                text.append('%').append(String.format(java.util.Locale.ROOT, "%02X", each & 0xFF));
            }
        }
        return text.toString();
    }
}
