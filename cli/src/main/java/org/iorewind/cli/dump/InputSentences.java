package org.iorewind.cli.dump;

import org.iorewind.analyze.text.Notation;
import org.iorewind.replay.RegisterNames;
import org.iorewind.trace.EventView;
import org.iorewind.trace.schema.EventTable;

/** What reached the IOMMU, in words. */
final class InputSentences {
    /** Bytes of recorded memory shown when there is more than one 64-bit word. */
    private static final int BYTES_SHOWN = 16;

    private final Fields fields = new Fields();

    String mmioWrite(EventView event) {
        Fields f = fields.of(event);
        return "write " + register(f) + " = " + f.hex("value") + size(f);
    }

    String mmioRead(EventView event) {
        Fields f = fields.of(event);
        return "read " + register(f) + size(f);
    }

    String memoryWrite(EventView event) {
        Fields f = fields.of(event);
        int length = f.length("data");
        String where = f.hex("address") + " " + region(f);
        String how = switch (f.word("from")) {
            case "snapshot" -> "snapshot of ";
            case "witness" -> "seen by the IOMMU: ";
            case "device" -> "device stored ";
            default -> "stored ";
        };
        if (length == Long.BYTES) {
            return how + where + " = " + Notation.hex(f.quadword("data", 0));
        }
        String shown = f.bytes("data", BYTES_SHOWN);
        String rest = length > BYTES_SHOWN ? "..." : "";
        return how + where + ", " + Notation.count(length, "byte") + ": " + shown + rest;
    }

    String dmaRequest(EventView event) {
        Fields f = fields.of(event);
        String access = f.word("access");
        String what = "unknown".equals(access) ? "access" : access;
        long length = f.raw("length");
        return f.text("requester") + " " + what + " " + f.hex("address") + (length == 0 ? "" : " len " + length)
                + pasid(f);
    }

    String interruptRequest(EventView event) {
        Fields f = fields.of(event);
        return f.text("requester") + " interrupt " + f.hex("address") + " data " + f.hex("data");
    }

    String atsRequest(EventView event) {
        Fields f = fields.of(event);
        return f.text("requester") + " asks for the translation of " + f.hex("address") + " len " + f.raw("length")
                + (f.raw("noWrite") == 0 ? "" : ", to read only") + pasid(f);
    }

    String pageRequest(EventView event) {
        Fields f = fields.of(event);
        return f.text("requester") + " asks for the page " + f.hex("address") + " rights " + f.text("rights")
                + " group " + f.raw("group") + (f.raw("last") == 0 ? "" : ", last of its group") + pasid(f);
    }

    String invalidateResponse(EventView event) {
        Fields f = fields.of(event);
        String how = "timed out".equals(f.word("outcome")) ? " fails to answer" : " answers";
        return f.text("requester") + how + " the invalidation requests with the tags " + f.text("tags");
    }

    String injectedEvent(EventView event) {
        Fields f = fields.of(event);
        String note = f.text("note");
        return "injected: " + f.word("action") + " address " + f.hex("address") + " value " + f.hex("value")
                + " length " + Notation.hex(f.raw("length")) + (note.isEmpty() ? "" : ": " + note);
    }

    /** Name and offset of the register in an MMIO event. */
    static String register(Fields f) {
        String space = f.word("space");
        long offset = f.raw("registerOffset");
        return "host".equals(space) ? RegisterNames.describe(offset) : space + " register " + Notation.hex(offset);
    }

    /** The size of a register access when it is not the usual one. */
    static String size(Fields f) {
        long size = f.raw("size");
        return size == Long.BYTES ? "" : " (" + Notation.count(size, "byte") + ")";
    }

    /** The PASID prefix of a request, if it has one. */
    static String pasid(Fields f) {
        return f.raw("pasid") == EventTable.NO_PASID ? "" : " pasid " + f.text("pasid");
    }

    private static String region(Fields f) {
        String region = f.word("region");
        return "unspecified".equals(region) ? "memory" : region;
    }
}
