package org.iorewind.record.kernellog;

import org.iorewind.record.text.PciName;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code [requester: ]AMD-Vi: Event logged [NAME key=value ...]} in the forms of kernels 4.x to 7.x (reference 11.3),
 * and puts the values where they stood in the entry (reference 4.1, 4.3). Stateless.
 *
 * <pre>
 *   qword 0   63..60 code   59..48 flags   47..32 DomainID or PASID, low half   19..16 PASID, high part   15..0 DeviceID
 *   qword 1   address
 *   INVALID_PPR_REQUEST: 31..16 PASID, low half   41..32 tag   45..42 PASID, high part
 *   RMP_PAGE_FAULT:      23..16 RMP flags         47..32 VMG tag
 * </pre>
 */
final class EventText {
    private static final int CODE_SHIFT = 60;
    private static final int FLAGS_SHIFT = 48;
    private static final long FLAGS = 0xFFF;
    private static final int DOMAIN_SHIFT = 32;
    private static final long HALF = 0xFFFF;
    private static final int PASID_HIGH_SHIFT = 16;
    private static final int PPR_PASID_SHIFT = 16;
    private static final int PPR_TAG_SHIFT = 32;
    private static final long PPR_TAG = 0x3FF;
    private static final int PPR_PASID_HIGH_SHIFT = 42;
    private static final int RMP_FLAGS_SHIFT = 16;
    private static final long RMP_FLAGS = 0xFF;
    /** The kernel masks the low bits of the address of RMP_HW_ERROR. */
    private static final long RMP_ADDRESS_KNOWN = ~7L;

    private static final int MOST_FIELDS = 12;

    private EventText() {}

    /**
     * Reads the part behind {@code Event logged [}.
     *
     * @param name the entry's name, with which {@code text} begins
     * @param text up to and with the closing bracket, if there is one
     * @param requester device named before {@code AMD-Vi:}, or null
     * @return null if the text does not hold what a kernel prints with this name
     */
    static @Nullable LoggedEvent parse(EventName name, String text, @Nullable PciName requester) {
        String fields = text.substring(name.name().length()).strip();
        int bracket = fields.lastIndexOf(']');
        boolean isClosed = bracket == fields.length() - 1 && bracket >= 0;
        if (name == EventName.UNKNOWN) {
            return fields.startsWith("event[") ? raw(fields) : ofUnknownType(fields, isClosed);
        }
        if (!isClosed) {
            return null;
        }
        Values values = new Values(requester);
        if (!values.readAll(fields.substring(0, bracket))) {
            return null;
        }
        for (String key : name.required()) {
            if (!values.has(key)) {
                return null;
            }
        }
        return values.entry(name);
    }

    /** {@code IO_PAGE_FAULT} of a device without a domain: {@code device=... domain=...} on a line of its own. */
    static @Nullable LoggedEvent notAttached(String text) {
        Values values = new Values(null);
        return values.readAll(text) && values.has("device") && values.has("domain")
                ? values.entry(EventName.IO_PAGE_FAULT)
                : null;
    }

    /** {@code event[0]=0x%08x event[1]=0x%08x event[2]=0x%08x event[3]=0x%08x}, without a closing bracket. */
    private static @Nullable LoggedEvent raw(String fields) {
        String[] words = (fields.endsWith("]") ? fields.substring(0, fields.length() - 1) : fields).split(" ");
        if (words.length != 4) {
            return null;
        }
        long[] dwords = new long[4];
        for (int i = 0; i < 4; i++) {
            String key = "event[" + i + "]=";
            long value = words[i].startsWith(key) ? hex(words[i].substring(key.length())) : -1;
            if (value < 0 || value > 0xFFFF_FFFFL) {
                return null;
            }
            dwords[i] = value;
        }
        return new LoggedEvent(dwords[1] << 32 | dwords[0], -1, dwords[3] << 32 | dwords[2], -1);
    }

    /** {@code type=0x%02x]}, as kernels before 4.13 print it. */
    private static @Nullable LoggedEvent ofUnknownType(String fields, boolean isClosed) {
        long type = isClosed && fields.startsWith("type=") ? hex(fields.substring(5, fields.length() - 1)) : -1;
        return type < 0 || type > 15 ? null : new LoggedEvent(type << CODE_SHIFT, 0xFL << CODE_SHIFT, 0, 0);
    }

    /** A number of at most 63 bits after {@code 0x}; -1 if it is none. */
    private static long hex(String text) {
        if (!text.startsWith("0x") || text.length() < 3 || text.length() > 18) {
            return -1;
        }
        try {
            return Long.parseUnsignedLong(text, 2, text.length(), 16);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** The fields of one line. */
    private static final class Values {
        private @Nullable PciName device;
        private long domain = -1;
        private long pasid = -1;
        private long flags = -1;
        private long tag = -1;
        private long rmpFlags = -1;
        private long vmgTag = -1;
        private @Nullable Long address;
        private String addressKey = "";

        Values(@Nullable PciName requester) {
            device = requester;
        }

        boolean readAll(String text) {
            String[] words = text.strip().split("[ ,]+");
            if (words.length > MOST_FIELDS) {
                return false;
            }
            for (String word : words) {
                int equals = word.indexOf('=');
                if (equals < 1 || !read(word.substring(0, equals), word.substring(equals + 1))) {
                    return false;
                }
            }
            return true;
        }

        private boolean read(String key, String value) {
            switch (key) {
                case "device" -> {
                    PciName named = PciName.of(value);
                    device = named == null ? device : named;
                    return named != null;
                }
                case "address", "gpa", "spa" -> {
                    if (!value.startsWith("0x") || value.length() > 18) {
                        return false;
                    }
                    try {
                        address = Long.parseUnsignedLong(value, 2, value.length(), 16);
                        addressKey = key;
                    } catch (NumberFormatException e) {
                        return false;
                    }
                    return true;
                }
                default -> {
                    long number = hex(value);
                    if (number < 0) {
                        return false;
                    }
                    keep(key, number);
                    return true;
                }
            }
        }

        private void keep(String key, long number) {
            switch (key) {
                case "domain" -> domain = number;
                case "pasid" -> pasid = number;
                case "flags" -> flags = number;
                case "tag" -> tag = number;
                case "flags_rmp" -> rmpFlags = number;
                case "vmg_tag" -> vmgTag = number;
                default -> {
                    // a later kernel may print more; the console line keeps it
                }
            }
        }

        boolean has(String key) {
            return switch (key) {
                case "device" -> device != null;
                case "domain" -> domain >= 0;
                case "flags" -> flags >= 0;
                default -> key.equals(addressKey);
            };
        }

        LoggedEvent entry(EventName name) {
            Bits bits = new Bits();
            bits.put(name.code(), 0xF, CODE_SHIFT);
            if (device != null) {
                bits.put(device.requester(), HALF, 0);
            }
            bits.put(flags, FLAGS, FLAGS_SHIFT);
            if (name == EventName.INVALID_PPR_REQUEST) {
                bits.put(pasid, HALF, PPR_PASID_SHIFT);
                bits.put(pasid < 0 ? -1 : pasid >>> 16, 0xF, PPR_PASID_HIGH_SHIFT);
                bits.put(tag, PPR_TAG, PPR_TAG_SHIFT);
            } else {
                bits.put(domain, HALF, DOMAIN_SHIFT);
                bits.put(pasid, HALF, DOMAIN_SHIFT);
                bits.put(pasid < 0 ? -1 : pasid >>> 16, 0xF, PASID_HIGH_SHIFT);
                bits.put(vmgTag, HALF, DOMAIN_SHIFT);
                bits.put(rmpFlags, RMP_FLAGS, RMP_FLAGS_SHIFT);
            }
            long known = address == null ? 0 : name == EventName.RMP_HW_ERROR ? RMP_ADDRESS_KNOWN : -1;
            return new LoggedEvent(bits.value, bits.known, address == null ? 0 : address, known);
        }
    }

    /** A quadword filled field by field. */
    private static final class Bits {
        private long value;
        private long known;

        void put(long field, long mask, int shift) {
            if (field >= 0) {
                value = value & ~(mask << shift) | (field & mask) << shift;
                known |= mask << shift;
            }
        }
    }
}
