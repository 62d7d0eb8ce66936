package org.iorewind.record.qemulog;

import java.util.TreeSet;
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
    private static final long TABLE_BASE = 0x000F_FFFF_FFFF_F000L;
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
    private final TreeSet<Long> pages = new TreeSet<>();
    private DmaAccess eduAccess = DmaAccess.UNKNOWN;
    private boolean writing;
    private long address;
    private long value;
    private @Nullable Long answer;

    TranscriptAssembler(ImportContext context) {
        this.context = context;
    }

    /** A fresh machine: memory that an earlier scenario used is zero again, and beyond the RAM there is nothing. */
    void scenario() {
        if (pages.isEmpty()) {
            context.writer.injected(
                    InjectedAction.MEMORY_ABORT, RAM_BYTES, 0, ADDRESS_SPACE_END - RAM_BYTES, "no RAM beyond 64 MiB");
        }
        for (long page : pages) {
            context.writer.memoryWrite(
                    MemoryOrigin.SNAPSHOT, MemoryRegion.UNSPECIFIED, page * PAGE_BYTES, ZEROS, 0, PAGE_BYTES);
        }
        eduAccess = DmaAccess.UNKNOWN;
        answer = null;
    }

    /** A request of the script; false if it cannot be understood. */
    boolean request(LogLine line) {
        String[] words = line.payload().split(" ");
        writing = words[0].startsWith("write");
        answer = null;
        address = -1;
        boolean memoryOrRegister = writing || words[0].startsWith("read");
        if (!memoryOrRegister || words.length < 2) {
            return true;
        }
        try {
            address = Long.decode(words[1]);
            if (!writing) {
                return true;
            }
            if (words[0].equals("write")) {
                return words.length == 4 && storeBytes(words[3]);
            }
            value = Long.parseUnsignedLong(words[2].substring(2), 16);
            store(sizeOf(words[0]));
            return true;
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
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

    private void store(int size) {
        if (address == EDU_COMMAND) {
            eduAccess = (value & DEVICE_WRITES) != 0 ? DmaAccess.WRITE : DmaAccess.READ;
        }
        long register = address - QemuLogImport.MMIO_BASE;
        if (register >= 0 && register <= LAST_BASE_REGISTER) {
            // the device table's size is in its lowest bits; of the rings the first page is enough
            long last = register == 0 ? value & DEVICE_TABLE_PAGES : 0;
            for (long page = 0; page <= last; page++) {
                know((value & TABLE_BASE) + page * PAGE_BYTES);
            }
        }
        if (address < RAM_BYTES) {
            byte[] bytes = new byte[size];
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) (value >>> 8 * i);
            }
            storeBytes(bytes);
        }
    }

    private boolean storeBytes(String hex) {
        byte[] bytes = new byte[(hex.length() - 2) / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(hex, 2 + 2 * i, 4 + 2 * i, 16);
        }
        if (address + bytes.length <= RAM_BYTES) {
            storeBytes(bytes);
        }
        return true;
    }

    private void storeBytes(byte[] bytes) {
        know(address);
        know(address + bytes.length - 1);
        context.writer.memoryWrite(MemoryOrigin.CPU_STORE, MemoryRegion.UNSPECIFIED, address, bytes, 0, bytes.length);
    }

    /** The page of this address is known from now on: it was zero until something was stored there. */
    private void know(long at) {
        if (at >= 0 && at < RAM_BYTES && pages.add(at / PAGE_BYTES)) {
            context.writer.memoryWrite(
                    MemoryOrigin.SNAPSHOT,
                    MemoryRegion.UNSPECIFIED,
                    at / PAGE_BYTES * PAGE_BYTES,
                    ZEROS,
                    0,
                    PAGE_BYTES);
        }
    }

    /** The answer to the last request. */
    void reply(LogLine line) {
        String[] words = line.payload().split(" ");
        answer = null;
        if (words.length == 2 && words[1].startsWith("0x") && words[1].length() <= 18) {
            try {
                answer = Long.parseUnsignedLong(words[1].substring(2), 16);
            } catch (NumberFormatException e) {
                answer = null;
            }
        }
    }

    /** Whether the last request is an access to this register. */
    boolean concerns(long registerOffset) {
        return address == QemuLogImport.MMIO_BASE + registerOffset;
    }

    /** Whether the last request stores. */
    boolean isWrite() {
        return writing;
    }

    /** What the last request stores. */
    long value() {
        return value;
    }

    /** What the last request read, if the transcript tells. */
    @Nullable
    Long answer() {
        return writing ? null : answer;
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
