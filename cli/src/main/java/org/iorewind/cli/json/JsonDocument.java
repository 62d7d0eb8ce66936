package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Collection;
import java.util.SortedMap;
import org.iorewind.analyze.text.Notation;

/**
 * One JSON object on a stream, written as it comes. ASCII only, so that neither the terminal nor the stream's charset can
 * change it. One thread.
 */
public final class JsonDocument implements AutoCloseable {
    private final JsonGenerator json;
    private final PrintStream out;

    private JsonDocument(JsonGenerator json, PrintStream out) {
        this.json = json;
        this.out = out;
    }

    /** Begins the document's object. */
    public static JsonDocument begin(PrintStream out) throws IOException {
        JsonFactory factory =
                JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
        JsonGenerator json = factory.createGenerator(out);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        json.setPrettyPrinter(
                new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines));
        json.writeStartObject();
        return new JsonDocument(json, out);
    }

    /** The generator, inside the object. */
    JsonGenerator json() {
        return json;
    }

    /** A text. */
    public JsonDocument text(String name, String value) throws IOException {
        json.writeStringField(name, value);
        return this;
    }

    /** A count, sequence number or time. */
    public JsonDocument number(String name, long value) throws IOException {
        json.writeNumberField(name, value);
        return this;
    }

    /** Yes or no. */
    public JsonDocument flag(String name, boolean value) throws IOException {
        json.writeBooleanField(name, value);
        return this;
    }

    /** An address or another unsigned 64-bit value. */
    JsonDocument hex(String name, long value) throws IOException {
        return text(name, Notation.hex(value));
    }

    /** Counts per name. */
    JsonDocument counts(String name, SortedMap<String, Long> counts) throws IOException {
        json.writeObjectFieldStart(name);
        for (var entry : counts.entrySet()) {
            json.writeNumberField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
        return this;
    }

    /** An array of texts. */
    public JsonDocument texts(String name, Collection<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
        return this;
    }

    /** Ends the document, also after a failure: what was written so far is closed to valid JSON. */
    @Override
    public void close() throws IOException {
        json.close();
        out.print('\n');
        out.flush();
    }
}
