package org.iorewind.model.platform.device;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.platform.DevicePort;

/**
 * A disk with one pair of queues: it reads commands and lists of pages by DMA, moves data page by page, and writes completions.
 * The work of a command is bounded by its length, at most 32 MiB. Not thread-safe.
 *
 * <pre>
 *   submission queue ──▶ PRP1, PRP2 or list ──▶ data ──▶ completion queue
 * </pre>
 */
public final class NvmeController {
    private static final int NO_PASID = EffectSink.NO_PASID;
    private static final int PAGE_BYTES = 4096;
    private static final long PAGE_MASK = PAGE_BYTES - 1;
    private static final int PRP1 = 3;
    private static final int PRP2 = 4;
    private static final int BLOCKS = 6;
    private static final int[] FIELDS = {0, PRP1, PRP2, BLOCKS};

    private final DevicePort port;
    private final long[] command = new long[NvmeDescriptor.SUBMISSION_BYTES / Long.BYTES];
    private long submissions;
    private long completions;
    private int entries = 1;
    private int head;
    private int completionTail;
    private boolean phase;
    private long commands;
    private long failures;

    /** A disk without queues. */
    public NvmeController(DevicePort port) {
        this.port = port;
    }

    /**
     * Tells the disk its queues, which are empty.
     *
     * @param submissionBase address for the device, a multiple of 64
     * @param completionBase address for the device, a multiple of 16
     * @param queueEntries of both, at least 2
     */
    public void setQueues(long submissionBase, long completionBase, int queueEntries) {
        submissions = submissionBase;
        completions = completionBase;
        entries = queueEntries;
        head = 0;
        completionTail = 0;
        phase = true;
    }

    /**
     * Serves commands up to the tail of the submission queue.
     *
     * @param tail place after the last command, taken modulo the size of the queue
     * @return how many commands were completed with success
     */
    public int doorbell(int tail) {
        int end = Math.floorMod(tail, entries);
        int succeeded = 0;
        while (head != end) {
            succeeded += serve() ? 1 : 0;
        }
        return succeeded;
    }

    private boolean serve() {
        long at = submissions + (long) head * NvmeDescriptor.SUBMISSION_BYTES;
        head = (head + 1) % entries;
        commands++;
        int status = fetch(at) ? execute() : NvmeDescriptor.TRANSFER_ERROR;
        boolean isCompleted = complete(NvmeDescriptor.identifier(command[0]), status);
        boolean succeeded = isCompleted && status == NvmeDescriptor.SUCCESS;
        failures += succeeded ? 0 : 1;
        return succeeded;
    }

    /** Reads the fields of a command that count; what cannot be read is 0. */
    private boolean fetch(long at) {
        boolean isRead = true;
        for (int field : FIELDS) {
            boolean isThere = port.load(NO_PASID, at + (long) field * Long.BYTES);
            command[field] = isThere ? port.word() : 0;
            isRead &= isThere;
        }
        return isRead;
    }

    private int execute() {
        int opcode = NvmeDescriptor.opcode(command[0]);
        if (opcode != NvmeDescriptor.READ && opcode != NvmeDescriptor.WRITE) {
            return NvmeDescriptor.INVALID_OPCODE;
        }
        AccessKind access = opcode == NvmeDescriptor.READ ? AccessKind.WRITE : AccessKind.READ;
        return move(access) ? NvmeDescriptor.SUCCESS : NvmeDescriptor.TRANSFER_ERROR;
    }

    private boolean move(AccessKind access) {
        long bytes = NvmeDescriptor.dataBytes(command[BLOCKS]);
        long first = command[PRP1];
        long second = command[PRP2];
        long inFirst = Math.min(bytes, PAGE_BYTES - (first & PAGE_MASK));
        long left = bytes - inFirst;
        boolean isFirstMoved = Transfer.run(port, NO_PASID, first, inFirst, access);
        if (!isFirstMoved || left == 0) {
            return isFirstMoved;
        }
        return left <= PAGE_BYTES
                ? Transfer.run(port, NO_PASID, second & ~PAGE_MASK, left, access)
                : moveList(second & -Long.BYTES, left, access);
    }

    /** Pages of a list; the last place of a page of the list leads on to the next one, if more than one page is left. */
    private boolean moveList(long list, long bytes, AccessKind access) {
        long at = list;
        long left = bytes;
        while (left > 0) {
            boolean leadsOn = (at & PAGE_MASK) == PAGE_BYTES - Long.BYTES && left > PAGE_BYTES;
            if (leadsOn && port.load(NO_PASID, at)) {
                at = port.word() & ~PAGE_MASK;
            }
            long piece = Math.min(left, PAGE_BYTES);
            if (!port.load(NO_PASID, at) || !Transfer.run(port, NO_PASID, port.word() & ~PAGE_MASK, piece, access)) {
                return false;
            }
            at += Long.BYTES;
            left -= piece;
        }
        return true;
    }

    private boolean complete(int identifier, int status) {
        long at = completions + (long) completionTail * NvmeDescriptor.COMPLETION_BYTES;
        boolean isWritten = port.store(NO_PASID, at, 0)
                && port.store(NO_PASID, at + Long.BYTES, NvmeDescriptor.completion(status, phase, identifier, head));
        completionTail = (completionTail + 1) % entries;
        phase ^= completionTail == 0;
        return isWritten;
    }

    /** Commands served. */
    public long commands() {
        return commands;
    }

    /** Commands of which the IOMMU refused something, or that made no sense. */
    public long failures() {
        return failures;
    }
}
