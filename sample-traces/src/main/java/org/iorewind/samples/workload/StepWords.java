package org.iorewind.samples.workload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Set;
import org.iorewind.trace.EventKind;
import org.jspecify.annotations.Nullable;

/** Names in the JSON form of steps that are not those of the event schema, and what a step need not say. */
final class StepWords {
    static final String NAME = "scenario";
    static final String MACHINE = "machine";
    static final String STEPS = "steps";
    /** The kind of event. */
    static final String DO = "do";
    /** Instead of {@link #OFFSET}: the name of a register of the host. */
    static final String REGISTER = "register";
    /** Instead of {@link #DATA}: little-endian quadwords, and numbers of quadwords that are 0. */
    static final String WORDS = "words";

    static final String OFFSET = "registerOffset";
    static final String DATA = "data";
    static final String SPACE = "space";
    static final String GUEST = "guest";
    static final String FLAGS = "flags";
    static final String GUEST_PRESENT = "guestPresent";
    static final String PROFILE = "profile";
    static final String HOST_SPACE = "\"HOST\"";

    /** Steps have neither time nor source, and a machine only what a model can be made of. */
    private static final Set<String> NEVER = Set.of(
            "timeNs",
            "source",
            "SessionStart.iommu",
            "SessionStart.guest",
            "SessionStart.flags",
            "SessionStart.fidelity",
            "SessionStart.iommuCount",
            "SessionStart.sessionIdHigh",
            "SessionStart.sessionIdLow",
            "SessionStart.startUnixNs",
            "SessionStart.observes",
            "SessionStart.tool",
            "SessionStart.platform",
            "SessionStart.contract");

    /** JSON of what a field has that is left out, by field, or by kind and field; all others have to be there. */
    private static final Map<String, String> USUAL = Map.ofEntries(
            Map.entry("timeNs", "0"),
            Map.entry("source", "0"),
            Map.entry("iommu", "0"),
            Map.entry(GUEST, "null"),
            Map.entry(FLAGS, "[]"),
            Map.entry("pasid", "null"),
            Map.entry("SessionStart.fidelity", "\"FULL\""),
            Map.entry("SessionStart.startState", "\"RESET\""),
            Map.entry("SessionStart.iommuCount", "0"),
            Map.entry("SessionStart.sessionIdHigh", "\"0x0\""),
            Map.entry("SessionStart.sessionIdLow", "\"0x0\""),
            Map.entry("SessionStart.startUnixNs", "0"),
            Map.entry("SessionStart.mmioBase", "\"0x0\""),
            Map.entry("SessionStart.extendedFeatures", "\"0x0\""),
            Map.entry("SessionStart.extendedFeatures2", "\"0x0\""),
            Map.entry("SessionStart.observes", "\"0x0\""),
            Map.entry("SessionStart.deviceOptions", "[]"),
            Map.entry("SessionStart.profile", "\"spec\""),
            Map.entry("SessionStart.tool", "\"\""),
            Map.entry("SessionStart.platform", "\"\""),
            Map.entry("SessionStart.contract", "\"\""),
            Map.entry("IommuStart.options", "[]"),
            Map.entry("IommuStart.extendedFeatures2", "\"0x0\""),
            Map.entry("IommuStart.memoryBase", "\"0x0\""),
            Map.entry("IommuStart.memoryBytes", "0"),
            Map.entry("IommuStart.profile", "\"spec\""),
            Map.entry("MmioWrite.space", HOST_SPACE),
            Map.entry("MmioWrite.size", "8"),
            Map.entry("MmioRead.space", HOST_SPACE),
            Map.entry("MmioRead.size", "8"),
            Map.entry("MemoryWrite.from", "\"CPU_STORE\""),
            Map.entry("MemoryWrite.region", "\"UNSPECIFIED\""),
            Map.entry("AtsRequest.noWrite", "0"),
            Map.entry("InjectedEvent.address", "\"0x0\""),
            Map.entry("InjectedEvent.value", "\"0x0\""),
            Map.entry("InjectedEvent.length", "0"),
            Map.entry("InjectedEvent.note", "\"\""),
            Map.entry("InvalidateResponse.outcome", "\"ANSWERED\""),
            Map.entry("DriverCall.requester", "\"ff:1f.7\""),
            Map.entry("DriverCall.result", "0"),
            Map.entry("DriverCall.iova", "\"0x0\""),
            Map.entry("DriverCall.physical", "\"0x0\""),
            Map.entry("DriverCall.size", "0"),
            Map.entry("DriverCall.arguments", "\"\""),
            Map.entry("Mark.number", "0"));

    private StepWords() {}

    /** JSON of what a field has that is left out; null if it must be there. */
    static @Nullable String usual(EventKind kind, String field) {
        String own = USUAL.get(kind.label() + "." + field);
        return own == null ? USUAL.get(field) : own;
    }

    /** Whether a file may not name a field. */
    static boolean isNever(EventKind kind, String field) {
        return NEVER.contains(field) || NEVER.contains(kind.label() + "." + field);
    }

    /** The same as a value. */
    static JsonNode usualNode(String json) {
        return JsonNode.read(json.getBytes(UTF_8), 1);
    }
}
