package org.iorewind.model.qemu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What the processor finds, where QEMU cannot do without one: it halts, and interrupts that wake it make it halt again. */
final class Firmware {
    private static final int BYTES = 1 << 16;
    private static final int RESET_VECTOR = BYTES - 16;
    private static final byte HALT = (byte) 0xF4;
    /** No interrupts, halt, and halt again. */
    private static final byte[] LOOP = {(byte) 0xFA, HALT, (byte) 0xEB, (byte) 0xFD};

    private static final int NMI_VECTOR = 2 * Integer.BYTES;
    private static final int LOOP_SEGMENT = 0xF000_FFF0;
    private static final int SYSTEM_MANAGEMENT_ENTRY = 0x3_8000;

    private Firmware() {}

    /** Writes the image. */
    static Path writeTo(Path folder) throws IOException {
        byte[] image = new byte[BYTES];
        Arrays.fill(image, HALT);
        System.arraycopy(LOOP, 0, image, RESET_VECTOR, LOOP.length);
        return Files.write(folder.resolve("firmware"), image);
    }

    /** Handlers for what a program's interrupts can do to the processor. */
    static void makeHarmless(ByteBuffer ram) {
        ram.putInt(NMI_VECTOR, LOOP_SEGMENT);
        ram.put(SYSTEM_MANAGEMENT_ENTRY, LOOP);
    }
}
