package org.iorewind.record.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iorewind.record.memory.GuestMemory;
import org.iorewind.record.memory.ProcessGuestMemory;
import org.iorewind.record.memory.RamLayout;
import org.iorewind.record.memory.RamLayout.Piece;
import org.jspecify.annotations.Nullable;

/** Finds the RAM of a QEMU that runs, through its monitor. */
public final class RunningMemory {
    private static final String IS_AT = " is 0x";
    private static final long SMALLEST_PIECE = 64 << 10;
    private static final long PAGE = 4096;

    private RunningMemory() {}

    /**
     * Where the parts of a RAM file stand in the guest.
     *
     * @param backend id of the memory backend
     * @throws IOException if the monitor does not answer, or knows no such RAM
     */
    public static RamLayout layoutOf(QmpClient qmp, String backend) throws IOException {
        RamLayout layout = MemoryTree.layout(qmp.human("info mtree -f"), backend);
        if (layout.pieces().isEmpty()) {
            throw new QmpException("expected RAM named " + backend + " in QEMU's 'info mtree -f', found none");
        }
        return layout;
    }

    /**
     * Where the RAM is inside QEMU's process: its addresses there are the layout's offsets. A machine may have several pieces
     * of RAM, as one with NUMA has; the holes that the firmware makes in the first megabyte are RAM later on.
     *
     * @throws IOException if the monitor does not answer, or knows of no RAM
     */
    public static RamLayout placesInProcess(QmpClient qmp) throws IOException {
        String tree = qmp.human("info mtree -f");
        List<Piece> places = new ArrayList<>();
        for (String region : MemoryTree.regions(tree)) {
            for (Piece piece : MemoryTree.layout(tree, region).pieces()) {
                if (piece.length() >= SMALLEST_PIECE) {
                    Piece place = place(qmp, piece);
                    if (place != null) {
                        places.add(place);
                    }
                }
            }
        }
        if (places.isEmpty()) {
            throw new QmpException("expected RAM in QEMU's 'info mtree -f', found none");
        }
        return new RamLayout(places);
    }

    /**
     * As {@link #placesInProcess}, without memory that may go away while the machine runs: who reads at such an address inside
     * QEMU after that would end it.
     */
    public static RamLayout lastingPlacesInProcess(QmpClient qmp) throws IOException {
        List<Piece> modules = modules(qmp);
        return new RamLayout(placesInProcess(qmp).pieces().stream()
                .filter(piece -> modules.stream().noneMatch(module -> overlap(piece, module)))
                .toList());
    }

    /** Addresses of memory modules and of devices that are memory. */
    private static List<Piece> modules(QmpClient qmp) throws IOException {
        List<Piece> modules = new ArrayList<>();
        if (qmp.execute("query-memory-devices", Map.of()) instanceof List<?> devices) {
            for (Object device : devices) {
                if (device instanceof Map<?, ?> map && map.get("data") instanceof Map<?, ?> data) {
                    Object address = data.get("addr") == null ? data.get("memaddr") : data.get("addr");
                    if (address instanceof Long from && data.get("size") instanceof Long size) {
                        modules.add(new Piece(from, 0, Math.max(1, size)));
                    }
                }
            }
        }
        return modules;
    }

    private static boolean overlap(Piece one, Piece other) {
        return one.address() < other.address() + other.length() && other.address() < one.address() + one.length();
    }

    /** Asked in the middle of a piece: at its start the firmware may have put something over it. */
    private static @Nullable Piece place(QmpClient qmp, Piece piece) throws IOException {
        long into = piece.length() / 2 & -PAGE;
        String answer = qmp.human("gpa2hva 0x" + Long.toHexString(piece.address() + into));
        int at = answer.lastIndexOf(IS_AT);
        if (at < 0) {
            return null;
        }
        String digits = answer.substring(at + IS_AT.length()).strip();
        try {
            return new Piece(piece.address(), Long.parseUnsignedLong(digits, 16) - into, piece.length());
        } catch (NumberFormatException e) {
            throw new QmpException("expected an address from 'gpa2hva', found: " + answer.strip());
        }
    }

    /**
     * The RAM inside the process.
     *
     * @param candidates the processes one of which is QEMU
     * @throws IOException if the monitor does not answer, or no process has the memory
     * @throws org.iorewind.trace.TraceStoreException if it may not be read
     */
    public static GuestMemory inProcess(QmpClient qmp, List<Long> candidates) throws IOException {
        RamLayout places = placesInProcess(qmp);
        long last = places.pieces().get(places.pieces().size() - 1).offset();
        for (long pid : candidates) {
            if (maps(pid, last)) {
                return ProcessGuestMemory.open(pid, places);
            }
        }
        throw new QmpException("expected QEMU's RAM in one of the processes " + candidates + ", found it in none");
    }

    private static boolean maps(long pid, long address) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
                int dash = line.indexOf('-');
                int blank = line.indexOf(' ');
                long from = Long.parseUnsignedLong(line, 0, dash, 16);
                long to = Long.parseUnsignedLong(line, dash + 1, blank, 16);
                if (Long.compareUnsigned(from, address) <= 0 && Long.compareUnsigned(address, to) < 0) {
                    return true;
                }
            }
            return false;
        } catch (IOException | RuntimeException e) {
            // gone, or not ours to look into
            return false;
        }
    }
}
