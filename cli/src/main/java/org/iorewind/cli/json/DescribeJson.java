package org.iorewind.cli.json;

import java.io.IOException;
import java.util.Locale;
import org.iorewind.cli.view.TraceSummary;
import org.iorewind.trace.SessionInfo;

/** What a trace is. */
public final class DescribeJson {
    private DescribeJson() {}

    /**
     * Writes the fields of a summary into the document.
     *
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, TraceSummary summary) throws IOException {
        SessionInfo session = summary.session();
        document.text("trace", summary.trace()).text("store", summary.storeKind());
        document.number("sizeBytes", summary.sizeBytes());
        document.json().writeObjectFieldStart("events");
        document.number("total", summary.events()).counts("byKind", summary.byKind());
        document.json().writeEndObject();
        document.number("gaps", summary.gaps()).flag("ended", summary.ended());
        document.number("firstTimeNs", summary.firstTimeNs()).number("lastTimeNs", summary.lastTimeNs());
        document.json().writeObjectFieldStart("session");
        document.text("id", session.sessionId()).text("profile", session.profile());
        document.text("fidelity", session.fidelity().name().toLowerCase(Locale.ROOT));
        document.text("startState", session.startState().name().toLowerCase(Locale.ROOT));
        document.number("startUnixNs", session.startUnixNs()).number("iommuCount", session.iommuCount());
        document.hex("mmioBase", session.mmioBase());
        document.hex("extendedFeatures", session.extendedFeatures());
        document.hex("extendedFeatures2", session.extendedFeatures2());
        document.hex("observes", session.observes());
        document.text("tool", session.tool()).text("platform", session.platform());
        document.text("contract", session.contract());
        document.json().writeEndObject();
    }
}
