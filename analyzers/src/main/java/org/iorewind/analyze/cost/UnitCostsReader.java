package org.iorewind.analyze.cost;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.iorewind.trace.TraceFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Reads unit costs.
 *
 * <pre>
 *   { "costs": [ { "counter": "vmExits", "ns": 1500, "source": "...", "confidence": "K" }, ... ] }
 * </pre>
 *
 * <p>A file may name some counters only; the others cost what the built-in file says.
 */
public final class UnitCostsReader {
    private static final String BUILT_IN = "unit-costs.json";
    private static final int LONGEST_TEXT = 1000;
    private static final BigDecimal MOST_NS = BigDecimal.valueOf(1_000_000_000_000L);
    private static final int MOST_DIGITS = 6;

    private final String name;
    private final Map<CostCounter, UnitCost> costs = new EnumMap<>(CostCounter.class);

    private UnitCostsReader(String name) {
        this.name = name;
    }

    /** The costs that come with the program. */
    public static UnitCosts builtIn() {
        try (InputStream in = Objects.requireNonNull(UnitCostsReader.class.getResourceAsStream(BUILT_IN))) {
            return new UnitCosts(
                    new ArrayList<>(new UnitCostsReader(BUILT_IN).read(in).values()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + BUILT_IN, e);
        }
    }

    /**
     * Reads a file, and takes the built-in costs for what it does not name.
     *
     * @param in the file's content; stays open
     * @param name of the file, for messages
     * @throws TraceFormatException if it is none
     * @throws IOException from the stream
     */
    public static UnitCosts read(InputStream in, String name) throws IOException {
        UnitCostsReader reader = new UnitCostsReader(name);
        builtIn().all().forEach(cost -> reader.costs.put(cost.counter(), cost));
        return new UnitCosts(new ArrayList<>(reader.read(in).values()));
    }

    private Map<CostCounter, UnitCost> read(InputStream in) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(in)) {
            json.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
            expect(json, json.nextToken(), JsonToken.START_OBJECT, "an object");
            for (JsonToken token = json.nextToken(); token != JsonToken.END_OBJECT; token = json.nextToken()) {
                expect(json, token, JsonToken.FIELD_NAME, "a name");
                boolean isCosts = "costs".equals(json.currentName());
                JsonToken value = json.nextToken();
                if (isCosts) {
                    expect(json, value, JsonToken.START_ARRAY, "a list of costs");
                    list(json);
                } else {
                    json.skipChildren();
                }
            }
            return costs;
        } catch (JsonParseException e) {
            throw new TraceFormatException(
                    name, "line " + e.getLocation().getLineNr(), "JSON", "something else", "correct the file");
        }
    }

    private void list(JsonParser json) throws IOException {
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            expect(json, token, JsonToken.START_OBJECT, "a cost");
            UnitCost cost = cost(json);
            costs.put(cost.counter(), cost);
        }
    }

    private UnitCost cost(JsonParser json) throws IOException {
        @Nullable CostCounter counter = null;
        @Nullable BigDecimal ns = null;
        String source = "";
        String confidence = "";
        for (JsonToken token = json.nextToken(); token != JsonToken.END_OBJECT; token = json.nextToken()) {
            expect(json, token, JsonToken.FIELD_NAME, "a name");
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "counter" -> counter = counter(json);
                case "ns" -> ns = nanoseconds(json, value);
                case "source" -> source = text(json, value);
                case "confidence" -> confidence = text(json, value);
                default -> json.skipChildren();
            }
        }
        if (counter == null || ns == null || source.isEmpty() || confidence.isEmpty()) {
            throw error(json, "a cost with counter, ns, source and confidence", "one that lacks some of them");
        }
        return new UnitCost(counter, ns, source, confidence);
    }

    private CostCounter counter(JsonParser json) throws IOException {
        String key = json.getText();
        return CostCounter.ofKey(key).orElseThrow(() -> error(json, "the name of a counter", key));
    }

    private BigDecimal nanoseconds(JsonParser json, JsonToken value) throws IOException {
        boolean isNumber = value == JsonToken.VALUE_NUMBER_INT || value == JsonToken.VALUE_NUMBER_FLOAT;
        String text = json.getText();
        if (isNumber && text.length() <= LONGEST_TEXT) {
            BigDecimal ns = json.getDecimalValue();
            if (ns.signum() >= 0 && ns.scale() <= MOST_DIGITS && ns.compareTo(MOST_NS) <= 0) {
                return ns;
            }
        }
        throw error(json, "nanoseconds from 0 to " + MOST_NS + " with at most " + MOST_DIGITS + " digits", text);
    }

    private String text(JsonParser json, JsonToken value) throws IOException {
        expect(json, value, JsonToken.VALUE_STRING, "a text");
        return json.getText();
    }

    private void expect(JsonParser json, @Nullable JsonToken found, JsonToken expected, String words)
            throws IOException {
        if (found != expected) {
            throw error(json, words, found == null ? "the end of the file" : json.getText());
        }
    }

    private TraceFormatException error(JsonParser json, String expected, String found) {
        String place = "line " + json.currentLocation().getLineNr();
        return new TraceFormatException(name, place, expected, found, "correct the file");
    }
}
