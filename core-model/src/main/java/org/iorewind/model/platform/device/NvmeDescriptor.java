package org.iorewind.model.platform.device;

/**
 * Queue entries of {@link NvmeController}: the fields of NVM Express that it uses.
 *
 * <pre>
 *  submission, 64 bytes
 *    q0  31:16 command identifier, 7:0 opcode
 *    q3  PRP1: first page of the data
 *    q4  PRP2: second page, or the list of all further ones
 *    q6  15:0 number of blocks of 512 bytes, minus 1
 *  completion, 16 bytes
 *    q1  63:49 status, 48 phase, 47:32 command identifier, 15:0 head of the submission queue
 * </pre>
 */
public final class NvmeDescriptor {
    /** Bytes of a submission entry. */
    public static final int SUBMISSION_BYTES = 64;
    /** Bytes of a completion entry. */
    public static final int COMPLETION_BYTES = 16;
    /** Opcode: memory to disk. */
    public static final int WRITE = 1;
    /** Opcode: disk to memory. */
    public static final int READ = 2;
    /** Status: done. */
    public static final int SUCCESS = 0;
    /** Status: invalid opcode. */
    public static final int INVALID_OPCODE = 1;
    /** Status: data transfer error. */
    public static final int TRANSFER_ERROR = 4;

    private static final int BLOCK_BYTES = 512;
    private static final int BLOCKS_MASK = 0xFFFF;
    private static final int IDENTIFIER_SHIFT = 16;
    private static final int COMPLETED_SHIFT = 32;
    private static final long PHASE = 1L << 48;
    private static final int STATUS_SHIFT = 49;

    private NvmeDescriptor() {}

    /**
     * A submission entry.
     *
     * @param identifier 16 bits
     * @param blocks 1 to 65536
     */
    public static long[] submission(int opcode, int identifier, long prp1, long prp2, int blocks) {
        return new long[] {
            (identifier & 0xFFFFL) << IDENTIFIER_SHIFT | opcode & 0xFFL,
            0,
            0,
            prp1,
            prp2,
            0,
            blocks - 1 & BLOCKS_MASK,
            0
        };
    }

    static int opcode(long quadword0) {
        return (int) quadword0 & 0xFF;
    }

    static int identifier(long quadword0) {
        return (int) (quadword0 >>> IDENTIFIER_SHIFT) & 0xFFFF;
    }

    static long dataBytes(long quadword6) {
        return ((quadword6 & BLOCKS_MASK) + 1) * BLOCK_BYTES;
    }

    static long completion(int status, boolean phase, int identifier, int head) {
        return (long) status << STATUS_SHIFT | (phase ? PHASE : 0) | (long) identifier << COMPLETED_SHIFT | head;
    }

    /** Status of a completion entry. */
    public static int status(long quadword1) {
        return (int) (quadword1 >>> STATUS_SHIFT);
    }

    /** Phase of a completion entry: the device inverts it with each round of the queue, from 1. */
    public static boolean phase(long quadword1) {
        return (quadword1 & PHASE) != 0;
    }

    /** Command identifier of a completion entry. */
    public static int completed(long quadword1) {
        return (int) (quadword1 >>> COMPLETED_SHIFT) & 0xFFFF;
    }
}
