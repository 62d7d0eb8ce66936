package org.iorewind.record.qemulog;

import java.util.TreeSet;
import org.iorewind.record.text.Digits;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.jspecify.annotations.Nullable;

/**
 * The script's side of a qtest transcript: what it stored in memory and registers, and what it read back.
 *
 * <pre>
 *   S name | story                 a scenario: a fresh machine with 64 MiB of zeros
 *   &gt; writeq 0x420000 0x600…       a store, to memory, to a register of the IOMMU or of a test device
 *   &gt; readq 0xfed82018             a read …
 *   &lt; OK 0x0000000000000010        … and its answer
 * </pre>
 *
 * <p>Of 64 MiB of zeros only those pages are written down that the script stores to or points a base register at.
 */
final class TranscriptAssembler {
    private static final long RAM_BYTES = 64L << 20;
    private static final long ADDRESS_SPACE_END = 1L << 52;
    private static final int PAGE_BYTES = 4096;
    /** Pages of the device table less one, in its base register. */
    private static final long DEVICE_TABLE_PAGES = 0x1FF;

    private static final long LAST_BASE_REGISTER = 0x10;
    /** The educational device's command register: 1 starts, 2 says that the device writes to memory. */
    private static final long EDU_COMMAND = 0xE000_0098L;

    private static final int EDU = 0x30;
    private static final int TEST_DEVICE = 0x38;
    private static final long DEVICE_WRITES = 2;
    private static final byte[] ZEROS = new byte[PAGE_BYTES];

    private final ImportContext context;
    /** Pages whose content is known. */
    private final TreeSet<Long> pages = new TreeSet<>();

    /** Those that the scenario at hand used: stored to, or gave to the device as a table, ring or log. */
    private final TreeSet<Long> stored = new TreeSet<>();

    private DmaAccess eduAccess = DmaAccess.UNKNOWN;
    /** What the last request does with memory or a register; null if it does neither or was not understood. */
    private @Nullable Access access;

    private @Nullable Long answer;

    /**
     * A load or store.
     *
     * @param writes a store
     * @param address of the first byte
     * @param sizeBytes 1, 2, 4 or 8; 0 for a block of bytes
     * @param value stored; 0 for a load and for a block
     */
    private record Access(boolean writes, long address, int sizeBytes, long value) {}

    TranscriptAssembler(ImportContext context) {
        this.context = context;
    }

    /** A fresh machine: memory that an earlier scenario used is zero again, and beyond the RAM there is nothing. */
    void scenario() {
        if (pages.isEmpty()) {
            context.writer.injected(
                    InjectedAction.MEMORY_ABORT, RAM_BYTES, 0, ADDRESS_SPACE_END - RAM_BYTES, "no RAM beyond 64 MiB");
        }
        // only what the last scenario used: a scenario that uses nothing costs nothing
        for (long page : stored) {
            context.writer.memoryWrite(
                    MemoryOrigin.SNAPSHOT, MemoryRegion.UNSPECIFIED, page * PAGE_BYTES, ZEROS, 0, PAGE_BYTES);
        }
        stored.clear();
        eduAccess = DmaAccess.UNKNOWN;
        access = null;
        answer = null;
    }

    /** A request of the script; false if it cannot be understood: then nothing is known of it. */
    boolean request(LogLine line) {
        access = null;
        answer = null;
        String[] words = line.words();
        try {
            return switch (words[0]) {
                case "readb", "readw", "readl", "readq" -> words.length == 2 && load(words, sizeOf(words[0]));
                case "read" -> words.length == 3 && Digits.prefixedHex(words[2]) != 0 && load(words, 0);
                case "writeb", "writew", "writel", "writeq" -> words.length == 3 && store(words, sizeOf(words[0]));
                case "write" -> words.length == 4 && storeBlock(words);
                // stores that no script of ours makes
                case "memset", "b64write" -> false;
                default -> !words[0].startsWith("read") && !words[0].startsWith("write");
            };
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static int sizeOf(String verb) {
        return switch (verb.charAt(verb.length() - 1)) {
            case 'b' -> 1;
            case 'w' -> 2;
            case 'l' -> 4;
            default -> 8;
        };
    }

    private boolean load(String[] words, int size) {
        access = new Access(false, Digits.prefixedHex(words[1]), size, 0);
        return true;
    }

    private boolean store(String[] words, int size) {
        long address = Digits.prefixedHex(words[1]);
        // QEMU takes any 64-bit number and stores its low bytes
        long value = Digits.prefixedHex(words[2]) & -1L >>> Long.SIZE - 8 * size;
        if (isRam(address) && !fitsRam(address, size)) {
            return false;
        }
        access = new Access(true, address, size, value);
        if (address == EDU_COMMAND) {
            eduAccess = (value & DEVICE_WRITES) != 0 ? DmaAccess.WRITE : DmaAccess.READ;
        }
        long register = address - QemuLogImport.MMIO_BASE;
        if (register >= 0 && register <= LAST_BASE_REGISTER) {
            // the device table's size is in its lowest bits; of the rings the first page is enough
            long last = register == 0 ? value & DEVICE_TABLE_PAGES : 0;
            know(value & TableDescriptor.ADDRESS, (last + 1) * PAGE_BYTES);
        }
        if (isRam(address)) {
            byte[] bytes = new byte[size];
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) (value >>> 8 * i);
            }
            storeBytes(address, bytes);
        }
        return true;
    }

    /** A block goes to memory; to registers it would be several accesses, of which the request names the first only. */
    private boolean storeBlock(String[] words) {
        long address = Digits.prefixedHex(words[1]);
        byte[] bytes = Digits.prefixedBytes(words[3]);
        if (Digits.prefixedHex(words[2]) != bytes.length || !fitsRam(address, bytes.length)) {
            return false;
        }
        access = new Access(true, address, 0, 0);
        storeBytes(address, bytes);
        return true;
    }

    private static boolean isRam(long address) {
        return address >= 0 && address < RAM_BYTES;
    }

    private static boolean fitsRam(long address, int length) {
        return isRam(address) && length <= RAM_BYTES - address;
    }

    private void storeBytes(long address, byte[] bytes) {
        know(address, bytes.length);
        context.writer.memoryWrite(MemoryOrigin.CPU_STORE, MemoryRegion.UNSPECIFIED, address, bytes, 0, bytes.length);
    }

    /** The pages of these bytes are known from now on: they were zero until something was stored there. */
    private void know(long from, long length) {
        for (long page = from / PAGE_BYTES; page <= (from + length - 1) / PAGE_BYTES; page++) {
            if (!isRam(page * PAGE_BYTES)) {
                return;
            }
            stored.add(page);
            if (pages.add(page)) {
                context.writer.memoryWrite(
                        MemoryOrigin.SNAPSHOT, MemoryRegion.UNSPECIFIED, page * PAGE_BYTES, ZEROS, 0, PAGE_BYTES);
            }
        }
    }

    /** The answer to the last request; false if it cannot be understood. */
    boolean reply(LogLine line) {
        answer = null;
        String[] words = line.words();
        boolean number = access != null && !access.writes && access.sizeBytes > 0;
        if (!number || words.length < 2 || !words[0].equals("OK")) {
            // no number is expected, or QEMU refused the request, or says that an interrupt line changed
            return true;
        }
        try {
            answer = Digits.prefixedHex(words[1]);
            return words.length == 2;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Whether the last request is an access to this register. */
    boolean concerns(long registerOffset) {
        return access != null && access.address == QemuLogImport.MMIO_BASE + registerOffset;
    }

    /** Whether the last request stores. */
    boolean isWrite() {
        return access != null && access.writes;
    }

    /** What the last request stores. */
    long value() {
        return access == null ? 0 : access.value;
    }

    /** What the last request read, if the transcript tells. */
    @Nullable
    Long answer() {
        return answer;
    }

    /** What the script told the device to do. */
    DmaAccess access(int requester) {
        return switch (requester) {
            case EDU -> eduAccess;
            case TEST_DEVICE -> DmaAccess.WRITE;
            default -> DmaAccess.UNKNOWN;
        };
    }
}
