package org.iorewind.record.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.record.memory.GuestMemory;
import org.iorewind.record.memory.ProcessGuestMemory;
import org.iorewind.record.memory.RamLayout;
import org.iorewind.record.memory.RamLayout.Piece;

/** Finds the RAM of a QEMU that runs, through its monitor. */
public final class RunningMemory {
    private static final String IS_AT = " is 0x";
    private static final long SMALLEST_PIECE = 64 << 10;

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
     * The RAM inside the process.
     *
     * @param candidates the processes one of which is QEMU
     * @throws IOException if the monitor does not answer, or no process has the memory
     * @throws org.iorewind.trace.TraceStoreException if it may not be read
     */
    public static GuestMemory inProcess(QmpClient qmp, List<Long> candidates) throws IOException {
        List<Piece> pieces = new ArrayList<>();
        for (Piece piece : MemoryTree.ram(qmp.human("info mtree -f"), name -> true)) {
            if (piece.length() < SMALLEST_PIECE) {
                continue;
            }
            String answer = qmp.human("gpa2hva 0x" + Long.toHexString(piece.address()));
            int at = answer.lastIndexOf(IS_AT);
            if (at >= 0) {
                String digits = answer.substring(at + IS_AT.length()).strip();
                pieces.add(new Piece(piece.address(), Long.parseUnsignedLong(digits, 16), piece.length()));
            }
        }
        if (pieces.isEmpty()) {
            throw new QmpException("expected RAM in QEMU's 'info mtree -f', found none");
        }
        for (long pid : candidates) {
            if (maps(pid, pieces.get(pieces.size() - 1).offset())) {
                return ProcessGuestMemory.open(pid, new RamLayout(pieces));
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
