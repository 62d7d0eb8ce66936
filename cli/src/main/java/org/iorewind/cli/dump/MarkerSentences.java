package org.iorewind.cli.dump;

import java.util.StringJoiner;
import org.iorewind.analyze.text.Notation;
import org.iorewind.trace.EventView;

/** Markers and book-keeping, in words. */
final class MarkerSentences {
    /** A driver call's requester when the source does not name one. */
    private static final long NO_REQUESTER = 0xFFFF;

    private final Fields fields = new Fields();

    String sessionStart(EventView event) {
        Fields f = fields.of(event);
        return "session of " + f.text("platform") + ", recorded by " + f.text("tool") + ", profile " + f.text("profile")
                + ", fidelity " + f.word("fidelity") + ", from " + f.word("startState");
    }

    String driverCall(EventView event) {
        Fields f = fields.of(event);
        StringJoiner words = new StringJoiner(" ");
        words.add(f.text("call"));
        String arguments = f.text("arguments");
        if (!arguments.isEmpty()) {
            words.add("(" + arguments + ")");
        }
        if (f.raw("requester") != NO_REQUESTER) {
            words.add("for " + f.text("requester"));
        }
        if (f.raw("size") != 0) {
            words.add("iova " + f.hex("iova"));
            words.add("physical " + f.hex("physical"));
            words.add("size " + Notation.hex(f.raw("size")));
        }
        String phase = f.word("phase");
        if ("exit".equals(phase)) {
            words.add("returned " + f.raw("result"));
        } else if (!"point".equals(phase)) {
            words.add(phase + "s");
        }
        return words.toString();
    }

    String phase(EventView event) {
        Fields f = fields.of(event);
        String phase = f.word("phase");
        return ("enter".equals(phase) ? "begin of " : "exit".equals(phase) ? "end of " : "") + f.text("name");
    }

    String consoleLine(EventView event) {
        return fields.of(event).text("text");
    }

    String mark(EventView event) {
        Fields f = fields.of(event);
        return "mark " + f.raw("number") + ": " + f.text("text");
    }

    String iommuStart(EventView event) {
        Fields f = fields.of(event);
        long bytes = f.raw("memoryBytes");
        String memory =
                bytes == 0 ? "all of memory" : "memory " + f.hex("memoryBase") + " length " + Notation.hex(bytes);
        String options = f.text("options");
        return "an IOMMU of profile " + f.text("profile") + ", EFR " + f.hex("extendedFeatures") + ", EFR2 "
                + f.hex("extendedFeatures2") + ", sees " + memory + (options.isEmpty() ? "" : ", " + options);
    }

    String gap(EventView event) {
        Fields f = fields.of(event);
        long count = f.raw("count");
        String note = f.text("note");
        return (count == 0 ? "an unknown number of events" : Notation.count(count, "event")) + " missing over "
                + Notation.time(f.raw("spanNs")) + ", " + f.word("reason") + (note.isEmpty() ? "" : ": " + note);
    }

    String stateHash(EventView event) {
        Fields f = fields.of(event);
        return "state " + f.hex("hash") + " under profile " + f.text("profile");
    }

    String checkpoint(EventView event) {
        Fields f = fields.of(event);
        return "state " + f.hex("hash") + " of model version " + f.raw("modelVersion") + " under profile "
                + f.text("profile") + ", " + Notation.count(f.length("payload"), "byte");
    }

    String sessionEnd(EventView event) {
        Fields f = fields.of(event);
        String note = f.text("note");
        return "end of the recording, " + f.word("reason") + (note.isEmpty() ? "" : ": " + note);
    }
}
