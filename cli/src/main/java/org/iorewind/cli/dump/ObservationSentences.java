package org.iorewind.cli.dump;

import org.iorewind.analyze.text.Notation;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.trace.EventView;
import org.iorewind.trace.PageRight;

/** What the recorded system did, in words. */
final class ObservationSentences {
    /** A 32-bit field whose value is not known. */
    private static final long UNKNOWN = 0xFFFF_FFFFL;

    private final Fields fields = new Fields();

    String mmioReadValue(EventView event) {
        Fields f = fields.of(event);
        String how = "read".equals(f.word("report")) ? "answer " : "reported ";
        return how + InputSentences.register(f) + " = " + f.hex("value") + InputSentences.size(f);
    }

    String commandConsumed(EventView event) {
        Fields f = fields.of(event);
        return RingEntryNames.command(f.raw("qword0"), f.raw("qword0Known")) + " at " + f.hex("ringHead")
                + " of the ring at " + f.hex("ringBase") + ", tail " + f.hex("ringTail") + operands(f);
    }

    String translation(EventView event) {
        Fields f = fields.of(event);
        String what = f.text("requester") + " " + f.hex("address");
        String result = switch (f.word("outcome")) {
            case "translated" -> " -> " + f.hex("result");
            case "fault" -> " refused";
            case "passed" -> " passed untranslated";
            case "no rights" -> " answered without rights";
            default -> " " + f.word("outcome") + " " + f.hex("result");
        };
        String cache = f.word("cache");
        long domain = f.raw("domain");
        return what
                + result
                + ("unknown".equals(cache) ? "" : ", IOTLB " + cache)
                + rights(f)
                + pageSize(f)
                + (domain == UNKNOWN ? "" : ", domain " + domain)
                + InputSentences.pasid(f);
    }

    String logEntry(EventView event) {
        Fields f = fields.of(event);
        String log = f.word("log");
        String what = "event".equals(log)
                ? RingEntryNames.event(f.raw("qword0"), f.raw("qword0Known"))
                : "entry " + qword(f, "qword0");
        long offset = f.raw("ringOffset");
        return log + " log: " + what + (offset == UNKNOWN ? "" : " at " + Notation.hex(offset)) + operands(f);
    }

    String completionStore(EventView event) {
        Fields f = fields.of(event);
        return "stored " + f.hex("data") + " at " + f.hex("address");
    }

    String interruptDelivered(EventView event) {
        Fields f = fields.of(event);
        String entry = f.raw("irteKnown") == 0
                ? ""
                : ", entry at " + f.hex("irteAddress") + " = " + f.hex("irteLow")
                        + (f.raw("irteKnown") > Integer.BYTES ? " " + f.hex("irteHigh") : "");
        return switch (f.word("outcome")) {
            case "remapped" -> "remapped to " + message(f) + entry;
            case "passed" -> "passed unchanged: " + message(f) + entry;
            case "dropped" -> "dropped" + entry;
            case "iommu own" -> "from the IOMMU itself" + (f.raw("address") == 0 ? "" : ": " + message(f));
            default -> f.word("outcome") + ": " + message(f) + entry;
        };
    }

    String vmExit(EventView event) {
        Fields f = fields.of(event);
        return "exit for " + f.word("reason") + " at " + f.hex("address") + ", took "
                + Notation.time(f.raw("durationNs"));
    }

    String pageResponse(EventView event) {
        Fields f = fields.of(event);
        return f.text("requester") + " gets the response " + f.raw("code") + " for group " + f.raw("group")
                + InputSentences.pasid(f);
    }

    private static String message(Fields f) {
        return f.hex("address") + " data " + f.hex("data");
    }

    private static String rights(Fields f) {
        long rights = f.raw("rights");
        if ((rights & PageRight.KNOWN) == 0) {
            return "";
        }
        return ", rights " + ((rights & PageRight.READ) != 0 ? "r" : "-")
                + ((rights & PageRight.WRITE) != 0 ? "w" : "-") + ((rights & PageRight.EXECUTE) != 0 ? "x" : "")
                + ((rights & PageRight.PRIVILEGED) != 0 ? " privileged" : "")
                + ((rights & PageRight.GLOBAL) != 0 ? " global" : "")
                + ((rights & PageRight.UNTRANSLATED_ONLY) != 0 ? " untranslated only" : "")
                + ((rights & PageRight.SNOOPED) != 0 ? " snooped" : "");
    }

    private static String pageSize(Fields f) {
        long shift = f.raw("pageShift");
        return shift == 0 || shift >= Long.SIZE - 1 ? "" : ", page size " + Notation.hex(1L << shift);
    }

    /** The two words of a ring entry with {@code ?} where nothing was recorded; nothing if neither is known. */
    private static String operands(Fields f) {
        return f.raw("qword0Known") == 0 && f.raw("qword1Known") == 0
                ? ", bytes not recorded"
                : ": " + qword(f, "qword0") + " " + qword(f, "qword1");
    }

    private static String qword(Fields f, String name) {
        long known = f.raw(name + "Known");
        if (known == 0) {
            return "?";
        }
        return known == -1 ? f.hex(name) : f.hex(name) + "/" + Notation.hex(known);
    }
}
