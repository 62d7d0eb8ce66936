package org.iorewind.samples.workload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Writes the JSON form of a workload, which {@link WorkloadReader} reads. */
public final class WorkloadWriter {
    private WorkloadWriter() {}

    /** The JSON form, with a line feed at its end. */
    public static String write(Workload workload) {
        StringWriter text = new StringWriter();
        DefaultIndenter indent = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(indent);
        try (JsonGenerator json = new JsonFactory().createGenerator(text).setPrettyPrinter(printer)) {
            json.writeStartObject();
            json.writeStringField(WorkloadReader.NAME, workload.name());
            json.writeStringField(WorkloadReader.STORY, workload.story());
            json.writeArrayFieldStart(WorkloadReader.TAGS);
            for (String tag : workload.tags()) {
                json.writeString(tag);
            }
            json.writeEndArray();
            json.writeArrayFieldStart(WorkloadReader.GUESTS);
            for (GuestPlan guest : workload.guests()) {
                write(json, guest);
            }
            json.writeEndArray();
            json.writeArrayFieldStart(WorkloadReader.PHASES);
            for (PhasePlan phase : workload.phases()) {
                write(json, phase);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail", e);
        }
        return text + "\n";
    }

    private static void write(JsonGenerator json, GuestPlan guest) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", guest.name());
        if (guest.queued() > 0) {
            json.writeNumberField("flush", guest.queued());
        } else {
            json.writeStringField("flush", WorkloadReader.STRICT);
        }
        json.writeStringField("pages", WorkloadReader.PAGES.get(guest.hugePages() ? 0 : 1));
        if (!guest.bugs().isEmpty()) {
            json.writeArrayFieldStart("bugs");
            for (PlantedBug bug : guest.bugs()) {
                json.writeStartObject();
                json.writeStringField("bug", bug.bug().name());
                json.writeNumberField("from", bug.first());
                if (bug.last() != Long.MAX_VALUE) {
                    json.writeNumberField("to", bug.last());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, PhasePlan phase) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", phase.name());
        json.writeArrayFieldStart("work");
        for (Work work : phase.work()) {
            json.writeStartObject();
            json.writeStringField("guest", work.guest());
            json.writeStringField("do", work.action().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("count", work.count());
            json.writeNumberField("rate", work.rate());
            if (work.action() == Action.PACKET) {
                json.writeArrayFieldStart("bytes");
                json.writeNumber(work.leastBytes());
                json.writeNumber(work.mostBytes());
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
