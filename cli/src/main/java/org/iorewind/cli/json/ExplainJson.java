package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.iorewind.analyze.explain.Cause;
import org.iorewind.analyze.explain.Explanation;
import org.iorewind.analyze.explain.FlagBit;
import org.iorewind.analyze.explain.LoggedFault;
import org.iorewind.analyze.text.Notation;
import org.jspecify.annotations.Nullable;

/** What was explained of logged faults. */
public final class ExplainJson {
    private ExplainJson() {}

    /**
     * Writes the fields of an explanation into the document.
     *
     * @param source name of the log or trace, as given by the user
     * @param unparsed lines of the driver that could not be understood
     * @param examples the first of them
     * @throws IOException from the stream
     */
    public static void write(
            JsonDocument document, String source, Explanation explanation, long unparsed, List<String> examples)
            throws IOException {
        JsonGenerator json = document.json();
        document.text("source", source);
        json.writeArrayFieldStart("faults");
        for (LoggedFault fault : explanation.faults()) {
            fault(document, fault);
        }
        json.writeEndArray();
        document.number("count", explanation.count()).number("furtherKinds", explanation.furtherKinds());
        json.writeArrayFieldStart("remarks");
        for (Explanation.Remark remark : explanation.remarks()) {
            json.writeStartObject();
            document.text("text", remark.text()).text("meaning", remark.meaning());
            json.writeEndObject();
        }
        json.writeEndArray();
        document.number("lost", explanation.lost()).number("gaps", explanation.gaps());
        document.number("unparsed", unparsed).texts("unparsedExamples", examples);
        document.text("contract", explanation.contract());
    }

    private static void fault(JsonDocument document, LoggedFault fault) throws IOException {
        JsonGenerator json = document.json();
        json.writeStartObject();
        document.text("kind", fault.kind());
        textOrNull(document, "device", fault.device());
        hexOrNull(document, "address", fault.firstAddress());
        document.number("count", fault.count());
        hexOrNull(document, "firstAddress", fault.firstAddress());
        hexOrNull(document, "lastAddress", fault.lastAddress());
        document.flag("scattered", fault.scattered()).text("access", fault.access());
        textOrNull(document, "driver", fault.driver());
        textOrNull(document, "iommu", fault.iommu());
        numberOrNull(document, "domain", fault.domain());
        numberOrNull(document, "pasid", fault.pasid());
        Integer flags = fault.flags();
        textOrNull(document, "flags", flags == null ? "" : kernelHex(flags));
        json.writeArrayFieldStart("flagBits");
        for (FlagBit bit : fault.flagBits()) {
            json.writeStartObject();
            document.text("name", bit.name()).number("value", bit.value()).text("meaning", bit.meaning());
            json.writeEndObject();
        }
        json.writeEndArray();
        document.number("firstTimeNs", fault.firstTimeNs()).number("lastTimeNs", fault.lastTimeNs());
        document.number("firstSequence", fault.sequence()).number("lastSequence", fault.lastSequence());
        document.text("summary", fault.summary()).texts("details", fault.details());
        json.writeArrayFieldStart("causes");
        for (Cause cause : fault.causes()) {
            json.writeStartObject();
            document.text("cause", cause.cause())
                    .text("likelihood", cause.likelihood().name().toLowerCase(Locale.ROOT));
            document.text("evidence", cause.evidence())
                    .text("prove", cause.proof().words())
                    .texts("commands", cause.proof().commands());
            json.writeEndObject();
        }
        json.writeEndArray();
        document.texts("cannotTell", fault.cannotTell());
        json.writeEndObject();
    }

    /** Four digits, as kernels print flags. */
    private static String kernelHex(int flags) {
        StringBuilder text = new StringBuilder("0x");
        Notation.appendHex(text, flags, 4);
        return text.toString();
    }

    private static void textOrNull(JsonDocument document, String name, String value) throws IOException {
        if (value.isEmpty()) {
            document.json().writeNullField(name);
        } else {
            document.text(name, value);
        }
    }

    private static void hexOrNull(JsonDocument document, String name, @Nullable Long value) throws IOException {
        if (value == null) {
            document.json().writeNullField(name);
        } else {
            document.hex(name, value);
        }
    }

    private static void numberOrNull(JsonDocument document, String name, @Nullable Integer value) throws IOException {
        if (value == null) {
            document.json().writeNullField(name);
        } else {
            document.number(name, value);
        }
    }
}
