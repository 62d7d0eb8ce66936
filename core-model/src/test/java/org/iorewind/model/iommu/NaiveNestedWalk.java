package org.iorewind.model.iommu;

import java.util.ArrayList;
import java.util.List;

/** Reference 6.1 to 6.3 in the plainest words: no cache, no shared code, no tricks. */
final class NaiveNestedWalk {
    private final NestedCase request;
    private final boolean reads;
    private final boolean writes;
    private String fault = "";
    private long hostResult;
    private int hostShift;
    private boolean hostReads;
    private boolean hostWrites;

    NaiveNestedWalk(NestedCase request) {
        this.request = request;
        this.reads = request.access() == AccessKind.READ || request.access() == AccessKind.ATOMIC;
        this.writes = request.access() == AccessKind.WRITE || request.access() == AccessKind.ATOMIC;
    }

    String translate() {
        boolean entryReads = request.entryRights() % 2 == 1;
        boolean entryWrites = request.entryRights() >= 2;
        if (reads && !entryReads || writes && !entryWrites) {
            return "NO_PERMISSION 50";
        }
        if (request.glx() == 0 && request.pasid() >= 512 || request.glx() == 1 && request.pasid() >= 512 * 512) {
            return "ABORTED 0";
        }
        int levels = 4 + request.guestPagingMode();
        int width = levels == 4 ? 48 : 57;
        for (int bit = width; bit < 64; bit++) {
            boolean expected = request.pasid() != 0 && bit(request.address(), width - 1);
            if (bit(request.address(), bit) != expected) {
                return "ADDRESS_TOO_WIDE 0";
            }
        }
        long table = request.gcr3();
        boolean isGuest = request.isRootGuest();
        for (int level = request.glx(); level >= 0; level--) {
            long at = table + 8 * (request.pasid() / (long) Math.pow(512, level) % 512);
            if (isGuest && !host(at, true, false, true, true)) {
                return fault;
            }
            long entry = request.machine().memory.peek(isGuest ? hostResult : at);
            if (!bit(entry, 0)) {
                return "PAGE_NOT_PRESENT 0";
            }
            if (bits(entry, 11, 1) != 0 || bits(entry, 63, 52) != 0) {
                return "BAD_TABLE_ENTRY 90";
            }
            table = bits(entry, 51, 12) * 4096;
            isGuest = true;
        }
        return translateByPages(table, levels, entryReads, entryWrites);
    }

    private String translateByPages(long root, int levels, boolean entryReads, boolean entryWrites) {
        long table = root;
        boolean mayWrite = true;
        boolean isUsers = true;
        boolean mayExecute = true;
        List<Long> unmarked = new ArrayList<>();
        for (int level = levels; ; level--) {
            int low = 12 + 9 * (level - 1);
            long at = table + 8 * bits(request.address(), low + 8, low);
            if (!host(at, true, false, true, true)) {
                return fault;
            }
            long entry = request.machine().memory.peek(hostResult);
            if (!bit(entry, 0)) {
                return "PAGE_NOT_PRESENT 0";
            }
            boolean isLarge = level > 1 && bit(entry, 7);
            if (isLarge && level > 3 || !request.hasNx() && bit(entry, 63)) {
                return "BAD_TABLE_ENTRY 90";
            }
            if (isLarge && bits(entry, low - 1, 13) != 0) {
                return "BAD_TABLE_ENTRY 90";
            }
            mayWrite &= bit(entry, 1);
            isUsers &= bit(entry, 2);
            mayExecute &= !bit(entry, 63);
            boolean isLast = level == 1 || isLarge;
            if (!bit(entry, 5) || isLast && writes && !bit(entry, 6)) {
                unmarked.add(at);
            }
            if (!isLast) {
                table = bits(entry, 51, 12) * 4096;
                continue;
            }
            boolean isUser = !request.privileged() || !request.hasUs();
            boolean isKnown = request.access() != AccessKind.UNKNOWN;
            if (writes && !mayWrite || isKnown && isUser && !isUsers || request.executes() && !mayExecute) {
                return "NO_PERMISSION 50";
            }
            for (long entryAddress : unmarked) {
                if (!host(entryAddress, false, true, true, true)) {
                    return fault;
                }
            }
            long gpa = bits(entry, 51, low) << low | bits(request.address(), low - 1, 0);
            if (!host(gpa, reads, writes, entryReads, entryWrites)) {
                return fault;
            }
            int shift = Math.min(low, hostShift);
            long page = hostResult - bits(hostResult, shift - 1, 0);
            int rights = (hostReads && entryReads ? 1 : 0) + (hostWrites && mayWrite && entryWrites ? 2 : 0);
            return Long.toHexString(page) + " " + shift + " " + rights;
        }
    }

    /** Translates a guest physical address; false leaves the fault. */
    private boolean host(long gpa, boolean reads, boolean writes, boolean limitReads, boolean limitWrites) {
        hostResult = gpa;
        hostShift = 63;
        hostReads = true;
        hostWrites = true;
        if (request.mode() == 0) {
            return true;
        }
        int[] widths = {0, 21, 30, 39, 48, 57, 64};
        if (request.mode() < 6 && bits(gpa, 63, widths[request.mode()]) != 0) {
            return failed("ADDRESS_TOO_WIDE 0");
        }
        long table = NestedCase.HOST_TABLES + request.mode() * 4096L;
        int level = request.mode();
        while (true) {
            int low = 12 + 9 * (level - 1);
            int high = Math.min(low + 8, 63);
            long entry = request.machine().memory.peek(table + 8 * bits(gpa, high, low));
            if (!bit(entry, 0)) {
                return failed("PAGE_NOT_PRESENT 0");
            }
            int next = (int) bits(entry, 11, 9);
            boolean isPage = next == 0 || next == 7;
            if (bits(entry, isPage ? 58 : 60, 52) != 0) {
                return failed("BAD_TABLE_ENTRY 90");
            }
            hostReads &= bit(entry, 61);
            hostWrites &= bit(entry, 62);
            if (reads && !(hostReads && limitReads) || writes && !(hostWrites && limitWrites)) {
                return failed("NO_PERMISSION 50");
            }
            if (isPage) {
                int shift = low;
                if (next == 7) {
                    shift = 13;
                    while (shift <= 52 && bit(entry, shift - 1)) {
                        shift++;
                    }
                }
                boolean isLegal = next == 0 || shift <= 52 && shift > low && shift < low + 9;
                if (level == 6 || !isLegal) {
                    return failed("BAD_TABLE_ENTRY 10");
                }
                hostResult = (shift > 51 ? 0 : bits(entry, 51, shift) << shift) | bits(gpa, shift - 1, 0);
                hostShift = shift;
                return true;
            }
            if (next >= level) {
                return failed("BAD_TABLE_ENTRY 10");
            }
            int nextHigh = 12 + 9 * next - 1;
            if (nextHigh < low - 1 && bits(gpa, low - 1, nextHigh + 1) != 0) {
                return failed("BAD_TABLE_ENTRY 10");
            }
            table = bits(entry, 51, 12) * 4096;
            level = next;
        }
    }

    private boolean failed(String why) {
        fault = why;
        return false;
    }

    private static boolean bit(long value, int at) {
        return Long.toBinaryString(value >>> at).endsWith("1");
    }

    /** The field from one bit down to another. */
    private static long bits(long value, int high, int low) {
        long field = 0;
        for (int at = high; at >= low; at--) {
            field = 2 * field + (bit(value, at) ? 1 : 0);
        }
        return field;
    }
}
