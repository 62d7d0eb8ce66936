package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One command, run in this process.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
public record CommandRun(int code, String out, String err) {
    /** Runs a command; arguments may be paths. */
    public static CommandRun of(Object... args) {
        return withInput("", args);
    }

    /** Runs a command that reads standard input. */
    public static CommandRun withInput(String input, Object... args) {
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = Terminal.plain(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), stream(out), stream(err));
        int code = Main.run(words, terminal);
        return new CommandRun(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The same, with the exit code checked. */
    public CommandRun expect(int expected) {
        assertThat(code).as("exit code; out=%s err=%s", out, err).isEqualTo(expected);
        return this;
    }

    /**
     * Standard output as one JSON document, flattened: {@code {"a":{"b":[1]}}} is {@code a.b.0 = 1}. Empty arrays and
     * objects are entries too.
     */
    public Map<String, String> json() throws IOException {
        Map<String, String> values = new TreeMap<>();
        try (JsonParser parser = new JsonFactory().createParser(out)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            flatten(parser, "", values);
            assertThat(parser.nextToken()).as("nothing follows the document").isNull();
        }
        return values;
    }

    /** Names of the document's own fields, in order. */
    public List<String> jsonNames() throws IOException {
        List<String> names = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(out)) {
            parser.nextToken();
            for (JsonToken token = parser.nextToken(); token == JsonToken.FIELD_NAME; token = parser.nextToken()) {
                names.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
        }
        return names;
    }

    private static void flatten(JsonParser parser, String path, Map<String, String> values) throws IOException {
        boolean array = parser.currentToken() == JsonToken.START_ARRAY;
        int index = 0;
        for (JsonToken token = parser.nextToken(); !token.isStructEnd(); token = parser.nextToken()) {
            String name = array ? Integer.toString(index++) : parser.currentName();
            if (!array) {
                parser.nextToken();
            }
            String place = path.isEmpty() ? name : path + "." + name;
            if (parser.currentToken().isStructStart()) {
                values.put(place, "");
                flatten(parser, place, values);
            } else {
                values.put(place, parser.getText());
            }
        }
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
