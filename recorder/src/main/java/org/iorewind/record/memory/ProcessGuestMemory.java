package org.iorewind.record.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceStoreException;

/** The RAM of a guest inside its VMM's process, through {@code /proc/PID/mem}: needs the rights of a debugger. */
public final class ProcessGuestMemory implements GuestMemory {
    private static final int WORD_BYTES = 8;
    private static final int MOST_WORDS = 512;

    private final FileChannel memory;
    private final long pid;
    private final RamLayout layout;
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(MOST_WORDS * WORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private ProcessGuestMemory(FileChannel memory, long pid, RamLayout layout) {
        this.memory = memory;
        this.pid = pid;
        this.layout = layout;
    }

    /**
     * Opens a process's memory.
     *
     * @param pid of the VMM
     * @param layout guest-physical address to address in the process
     * @throws TraceStoreException if it may not be read
     */
    public static ProcessGuestMemory open(long pid, RamLayout layout) {
        Path file = Path.of("/proc/" + pid + "/mem");
        try {
            return new ProcessGuestMemory(FileChannel.open(file, StandardOpenOption.READ), pid, layout);
        } catch (IOException e) {
            throw new TraceStoreException(
                    file.toString(),
                    "",
                    "to read the memory of QEMU",
                    PlainReason.of(e),
                    "run as the user that QEMU runs as, or as root; or start QEMU with -object memory-backend-file,share=on",
                    e);
        }
    }

    @Override
    public String description() {
        return "the memory of process " + pid;
    }

    @Override
    public boolean read(long address, long[] to, int count) {
        int length = count * WORD_BYTES;
        long at = layout.offset(address, length);
        if (at < 0 || count > MOST_WORDS) {
            return false;
        }
        buffer.clear().limit(length);
        try {
            while (buffer.hasRemaining()) {
                if (memory.read(buffer, at + buffer.position()) <= 0) {
                    return false;
                }
            }
        } catch (IOException e) {
            // the process has gone, or unmapped it: nothing is known of it any more
            return false;
        }
        for (int i = 0; i < count; i++) {
            to[i] = buffer.getLong(i * WORD_BYTES);
        }
        return true;
    }

    @Override
    public void close() {
        try {
            memory.close();
        } catch (IOException ignored) {
            // read only: nothing can be lost
        }
    }
}
