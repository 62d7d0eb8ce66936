package org.iorewind.samples.workload;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.model.iommu.Profile;
import org.iorewind.replay.RegisterNames;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.json.FrameEncoder;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.iorewind.trace.schema.EventType;

/** Reads the JSON form of steps: each is an event, with the field names of the event schema. Strict. Not thread-safe. */
final class StepReader {
    private static final Map<String, EventKind> KINDS = Arrays.stream(EventKind.values())
            .filter(Step::isOne)
            .collect(Collectors.toMap(EventKind::label, kind -> kind, (a, b) -> a, TreeMap::new));
    /** As many as fit into an event. */
    private static final int MOST_WORDS = 8191;

    private static final int HEX = 16;

    private final FrameEncoder encoder = new FrameEncoder();
    private final EventTable table = EventTable.standard();

    /** The scenario that a document describes. */
    StepScenario scenario(JsonNode document) {
        document.object(
                List.of(StepWords.NAME, WorkloadReader.STORY, WorkloadReader.TAGS, StepWords.MACHINE, StepWords.STEPS));
        List<Step> steps = new ArrayList<>();
        for (JsonNode step : document.needed(StepWords.STEPS).array(ScenarioReader.MOST_STEPS)) {
            steps.add(step(step));
        }
        return new StepScenario(
                document.needed(StepWords.NAME).text(),
                WorkloadReader.tags(document),
                WorkloadReader.story(document),
                machine(document.needed(StepWords.MACHINE)),
                steps);
    }

    private StepMachine machine(JsonNode machine) {
        SessionInfo session = SessionInfo.of(frame(EventKind.SESSION_START, machine, List.of()));
        return WorkloadReader.at(machine, () -> StepScenario.machineOf(session, ""));
    }

    private Step step(JsonNode step) {
        step.object();
        JsonNode word = step.needed(StepWords.DO);
        EventKind kind = KINDS.get(word.text());
        if (kind == null) {
            throw word.unexpected("one of " + String.join(", ", KINDS.keySet()));
        }
        EventView event = frame(kind, step, List.of(StepWords.DO));
        if (kind == EventKind.IOMMU_START
                && Profile.named(IommuInfo.of(event).profile()).isEmpty()) {
            throw step.needed(StepWords.PROFILE).unexpected("one of " + Profile.labels());
        }
        return Step.of(event.buffer(), event.offset(), event.frameLength());
    }

    /** The event that an object describes; valid until the next one. */
    private EventView frame(EventKind kind, JsonNode node, List<String> others) {
        EventType type = table.type(kind);
        node.object(names(type, others));
        int length = encoder.encode(type, new StepFields(kind, node));
        FrameEventView view = new FrameEventView();
        String problem = view.tryWrap(encoder.buffer(), 0, length, 0);
        if (problem != null) {
            throw node.unexpected("an event");
        }
        return view;
    }

    private static List<String> names(EventType type, List<String> others) {
        List<String> names = new ArrayList<>(others);
        for (EventField field : type.fields()) {
            if (!StepWords.isNever(type.kind(), field.name())) {
                names.add(field.name());
            }
        }
        if (names.contains(StepWords.OFFSET)) {
            names.add(StepWords.REGISTER);
        }
        if (type.kind() == EventKind.MEMORY_WRITE) {
            names.add(StepWords.WORDS);
        }
        return names;
    }

    /** Offset of a register that is named. */
    static String offset(JsonNode register) {
        OptionalInt offset = RegisterNames.offset(register.text());
        if (offset.isEmpty()) {
            throw register.unexpected("one of " + String.join(", ", RegisterNames.all()));
        }
        return "0x" + Integer.toHexString(offset.getAsInt());
    }

    /** Bytes of words, in hexadecimal. */
    static String bytes(JsonNode words) {
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[MOST_WORDS * Long.BYTES]);
        int at = 0;
        for (JsonNode word : words.array(MOST_WORDS)) {
            long zeros = word.isText() ? 1 : word.number();
            if (zeros < 1 || zeros > MOST_WORDS - at) {
                throw word.unexpected("1 to " + (MOST_WORDS - at) + " words");
            }
            if (word.isText()) {
                bytes.putLong(at * Long.BYTES, quadword(word), LITTLE_ENDIAN);
            }
            at += (int) zeros;
        }
        return HexFormat.of().formatHex(bytes.byteArray(), 0, at * Long.BYTES);
    }

    private static long quadword(JsonNode word) {
        String text = word.text();
        if (!text.matches("0x[0-9a-fA-F]{1,16}")) {
            throw word.unexpected("\"0x\" and up to 16 hexadecimal digits, or a number of words that are 0");
        }
        return Long.parseUnsignedLong(text.substring(2), HEX);
    }
}
