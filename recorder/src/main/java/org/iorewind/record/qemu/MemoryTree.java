package org.iorewind.record.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iorewind.record.memory.RamLayout;
import org.iorewind.record.memory.RamLayout.Piece;

/**
 * The text of {@code info mtree -f}: where QEMU has put the RAM.
 *
 * <pre>
 *   FlatView #1
 *    AS "memory", root: system
 *    Root memory region: system
 *     0000000000100000-000000001fffffff (prio 0, ram): ram0 @0000000000100000
 * </pre>
 */
final class MemoryTree {
    private static final Pattern RAM =
            Pattern.compile(" +([0-9a-f]{16})-([0-9a-f]{16}) \\(prio -?\\d+, ram\\): (\\S+)(?: @([0-9a-f]{16}))?.*");

    private MemoryTree() {}

    /** A piece of a memory region; its offset is that in the region. */
    private record Part(String region, Piece piece) {}

    /**
     * Pieces of RAM as the CPUs see them.
     *
     * @param isWanted which memory regions, by name
     */
    static List<Piece> ram(String text, Predicate<String> isWanted) {
        return parts(text).stream()
                .filter(part -> isWanted.test(part.region))
                .map(Part::piece)
                .toList();
    }

    /** Names of the memory regions that are RAM, in the order of their addresses. */
    static List<String> regions(String text) {
        return parts(text).stream().map(Part::region).distinct().toList();
    }

    private static List<Part> parts(String text) {
        List<Part> parts = new ArrayList<>();
        boolean inSystem = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("FlatView")) {
                if (inSystem) {
                    break;
                }
            } else if (line.contains("AS \"memory\"")) {
                inSystem = true;
            }
            Matcher ram = RAM.matcher(line);
            if (inSystem && ram.matches()) {
                long from = Long.parseUnsignedLong(ram.group(1), 16);
                long to = Long.parseUnsignedLong(ram.group(2), 16);
                long offset = ram.group(4) == null ? 0 : Long.parseUnsignedLong(ram.group(4), 16);
                if (from >= 0 && to >= from && offset >= 0) {
                    parts.add(new Part(ram.group(3), new Piece(from, offset, to - from + 1)));
                }
            }
        }
        return parts;
    }

    /**
     * The layout of a RAM file. The first megabyte is full of holes while the firmware runs, and RAM later on.
     *
     * @return an empty layout if there is no RAM of that name
     */
    static RamLayout layout(String text, String name) {
        long lowEnd = 0;
        List<Piece> pieces = new ArrayList<>();
        for (Piece piece : ram(text, name::equals)) {
            if (piece.address() == piece.offset()) {
                lowEnd = Math.max(lowEnd, piece.address() + piece.length());
            } else {
                pieces.add(piece);
            }
        }
        if (lowEnd > 0) {
            pieces.add(new Piece(0, 0, lowEnd));
        }
        return new RamLayout(pieces);
    }
}
