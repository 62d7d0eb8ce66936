package org.iorewind.analyze.explain;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.log.EventDescriptor;

/**
 * The twelve flags of an event log entry, bit by bit. AMD publication 48882, section 2.5; reference 4.1, 4.3.
 *
 * <pre>
 *   11 10  9  8  7  6  5  4  3  2  1  0      page fault
 *             TR RZ PE RW PR I  US NX GN
 *      Type   TR       RW    I        GN      hardware errors: Type in 10..9
 *     Type    TR             US?      GN      invalid device request: Type in 11..9
 * </pre>
 */
final class FlagWords {
    static final int GN = 1;
    static final int NX = 1 << 1;
    static final int US = 1 << 2;
    static final int I = 1 << 3;
    static final int PR = 1 << 4;
    static final int RW = 1 << 5;
    static final int PE = 1 << 6;
    static final int RZ = 1 << 7;
    static final int TR = 1 << 8;
    static final int TYPE_SHIFT = 9;
    private static final int ERROR_TYPE = 3;
    private static final int REQUEST_TYPE = 7;

    private static final String[] ERROR_TYPES = {"reserved", "master abort", "target abort", "data error"};
    /** Only the fifth is confirmed by logs of real machines; the others are inferred. Reference 4.3. */
    private static final String[] REQUESTS = {
        "a read or non-posted write in the interrupt address range",
        "a translated request of a device that may not translate by itself (DTE.I=0)",
        "a port I/O request that the entry does not let through (IoCtl)",
        "a posted write in the system management range that the entry does not let through (SysMgt)",
        "a read or non-posted write in the system management range",
        "a posted write in the interrupt or EOI range while the entry aborts interrupts (IntCtl=00b)",
        "a posted write in a reserved part of the interrupt range",
        "an access to the system management range that could not be translated"
    };

    private static final String[] TRANSLATION_REQUESTS = {
        "a translation request for a range that is never translated",
        "a translation request of a device that may not send one (DTE.I=0)",
        "a DeviceID outside the device table"
    };

    private FlagWords() {}

    /** Type of a hardware error: 0 to 3. */
    static int errorType(int flags) {
        return flags >>> TYPE_SHIFT & ERROR_TYPE;
    }

    /** Type of an invalid request: 0 to 7. */
    static int requestType(int flags) {
        return flags >>> TYPE_SHIFT & REQUEST_TYPE;
    }

    /** In words, what an invalid request was. */
    static String request(int flags) {
        int type = requestType(flags);
        if ((flags & TR) != 0) {
            return type < TRANSLATION_REQUESTS.length ? TRANSLATION_REQUESTS[type] : "an invalid translation request";
        }
        return REQUESTS[type];
    }

    /** The fields that mean something in this kind of event, highest first. */
    static List<FlagBit> decode(int code, int flags) {
        List<FlagBit> bits = new ArrayList<>();
        switch (code) {
            case EventDescriptor.IO_PAGE_FAULT -> pageFault(flags, bits);
            case EventDescriptor.ILLEGAL_DEV_TABLE_ENTRY -> {
                bits.add(tr(flags));
                bits.add(bit(
                        "RZ",
                        flags,
                        RZ,
                        "a reserved bit of the entry is not zero",
                        "an encoding of the entry is not allowed"));
                bits.add(rw(flags));
                bits.add(interrupt(flags));
                bits.add(gn(flags));
            }
            case EventDescriptor.DEV_TAB_HARDWARE_ERROR, EventDescriptor.PAGE_TAB_HARDWARE_ERROR -> {
                bits.add(new FlagBit(
                        "Type", errorType(flags), "the IOMMU's own read ended in a " + ERROR_TYPES[errorType(flags)]));
                bits.add(tr(flags));
                bits.add(rw(flags));
                bits.add(interrupt(flags));
            }
            case EventDescriptor.COMMAND_HARDWARE_ERROR ->
                bits.add(new FlagBit(
                        "Type",
                        errorType(flags),
                        "the IOMMU's own access ended in a " + ERROR_TYPES[errorType(flags)]));
            case EventDescriptor.INVALID_DEVICE_REQUEST -> {
                bits.add(new FlagBit("Type", requestType(flags), request(flags)));
                bits.add(tr(flags));
                bits.add(gn(flags));
            }
            case EventDescriptor.INVALID_PPR_REQUEST -> pageRequest(flags, bits);
            case EventDescriptor.RMP_PAGE_FAULT, EventDescriptor.RMP_HARDWARE_ERROR -> {
                bits.add(rw(flags));
                bits.add(interrupt(flags));
                bits.add(gn(flags));
            }
            default -> {
                // the other events have no flags, or none that are known
            }
        }
        return bits;
    }

    private static void pageFault(int flags, List<FlagBit> bits) {
        bits.add(tr(flags));
        boolean present = (flags & PR) != 0;
        String aside = present ? "" : " (says nothing, since PR=0)";
        bits.add(bit(
                "RZ",
                flags,
                RZ,
                "a reserved bit is set in an entry on the way" + aside,
                !present
                        ? "no statement, since PR=0"
                        : (flags & PE) != 0
                                ? "no reserved bit is the reason"
                                : "no reserved bit is set: a level of the tables is encoded wrongly"));
        bits.add(bit(
                "PE",
                flags,
                PE,
                "the permissions on the way do not allow this access" + aside,
                present ? "permissions are not the reason" : "no statement, since PR=0"));
        bits.add(bit(
                "RW",
                flags,
                RW,
                "a write" + (present ? "" : " (real IOMMUs set it with PR=0 too)"),
                "a read, or not told"));
        bits.add(bit(
                "PR",
                flags,
                PR,
                "there is a translation for the address, or the interrupt is remapped",
                "no entry is present for the address at some level, or translation is off for the device"));
        bits.add(interrupt(flags));
        bits.add(bit(
                "US",
                flags,
                US,
                "a request with user privilege",
                "a request with supervisor privilege, or without a PASID"));
        bits.add(bit("NX", flags, NX, "execution was requested", "no execution was requested"));
        bits.add(gn(flags));
    }

    private static void pageRequest(int flags, List<FlagBit> bits) {
        bits.add(bit("GN", flags, TR, "the address is a guest virtual one, with a PASID", "a request without a PASID"));
        bits.add(bit("RZ", flags, RZ, "a reserved bit of the request is not zero", "no reserved bit is set"));
        bits.add(bit("US", flags, PE, "user privilege was requested", "supervisor privilege was requested"));
        bits.add(bit("W", flags, RW, "write access was requested", "no write access was requested"));
        bits.add(bit("R", flags, US, "read access was requested", "no read access was requested"));
        bits.add(bit("X", flags, NX, "execution was requested", "no execution was requested"));
    }

    private static FlagBit tr(int flags) {
        return bit(
                "TR",
                flags,
                TR,
                "a translation request of a device with an own cache (ATS)",
                "an access, no translation request");
    }

    private static FlagBit rw(int flags) {
        return bit("RW", flags, RW, "a write", "a read");
    }

    private static FlagBit interrupt(int flags) {
        return bit("I", flags, I, "an interrupt request", "an access to memory");
    }

    private static FlagBit gn(int flags) {
        return bit(
                "GN",
                flags,
                GN,
                "the address is a virtual one of a process (PASID)",
                "the address is an I/O virtual address of the device's domain");
    }

    private static FlagBit bit(String name, int flags, int mask, String set, String clear) {
        boolean isSet = (flags & mask) != 0;
        return new FlagBit(name, isSet ? 1 : 0, isSet ? set : clear);
    }
}
