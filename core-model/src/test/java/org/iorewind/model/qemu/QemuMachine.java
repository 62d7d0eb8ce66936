package org.iorewind.model.qemu;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A QEMU with its IOMMU and the {@code edu} device, driven over qtest.
 *
 * <pre>
 *   QtestConnection ── registers, ports ──▶ amd-iommu, edu
 *   RAM, a mapped file ── tables, rings, data
 *   TraceFile ◀── what the IOMMU says about itself
 * </pre>
 *
 * One process serves many programs. A processor stands halted, since Debian's QEMUs lack the accelerator that would do without;
 * its instruction counter lets the clock jump to the device's timer. Not thread-safe.
 */
final class QemuMachine implements Target, AutoCloseable {
    private static final long IOMMU = 0xFED8_0000L;
    private static final int[] REGISTERS = {
        0x18, 0x00, 0x08, 0x10, 0x28, 0x38, 0x2000, 0x2008, 0x2010, 0x2018, 0x2030, 0x2038
    };
    private static final int STATUS = 0x2020;
    private static final int IOMMU_FUNCTION = 0x08;
    private static final long EDU_BAR = 0xE000_0000L;
    private static final long EDU_SOURCE = EDU_BAR + 0x80;
    private static final long EDU_DESTINATION = EDU_BAR + 0x88;
    private static final long EDU_COUNT = EDU_BAR + 0x90;
    private static final long EDU_COMMAND = EDU_BAR + 0x98;
    private static final long EDU_RAISE = EDU_BAR + 0x60;
    private static final long EDU_LOWER = EDU_BAR + 0x64;
    private static final int EDU_BUFFER = 0x4_0000;
    private static final int EDU_POLLS = 8;
    private static final int MSI_CAPABILITY = 5;

    private final QtestConnection qtest;
    private final MappedByteBuffer ram;
    private final TraceFile trace;
    private final ByteBuffer image = FlatMemory.image();
    private final List<Witness> witnesses = new ArrayList<>();
    private final int deviceMessage;

    /** Starts a QEMU whose files lie in this folder. */
    QemuMachine(QemuBinary qemu, Path folder) {
        try {
            Path ramFile = folder.resolve("ram");
            Path traceFile = Files.createFile(folder.resolve("trace"));
            try (FileChannel file = FileChannel.open(
                    ramFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ram = file.map(FileChannel.MapMode.READ_WRITE, 0, Layout.RAM_BYTES);
            }
            ram.order(ByteOrder.LITTLE_ENDIAN);
            qtest = new QtestConnection(new ProcessBuilder(command(qemu, folder, ramFile, traceFile))
                    .redirectError(new File(folder.toFile(), "errors"))
                    .start());
            trace = new TraceFile(traceFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        qtest.add("readq", IOMMU);
        qtest.exchange();
        Firmware.makeHarmless(ram);
        configurationWrite(Layout.DEVICE, 0x10, EDU_BAR);
        configurationWrite(Layout.DEVICE, 0x04, 6);
        deviceMessage = enableMessages(Layout.DEVICE, 0xFEE0_0000L, 0);
        enableMessages(IOMMU_FUNCTION, Layout.OWN_INTERRUPT, Layout.OWN_INTERRUPT_DATA);
    }

    private static List<String> command(QemuBinary qemu, Path folder, Path ramFile, Path traceFile) throws IOException {
        Path firmware = Firmware.writeTo(folder);
        List<String> words = new ArrayList<>(List.of(qemu.path()));
        words.addAll(List.of("-accel", "tcg", "-icount", "shift=0,sleep=off", "-bios", firmware.toString()));
        int megabytes = Layout.RAM_BYTES >> 20;
        words.addAll(List.of("-machine", "q35,kernel-irqchip=off,memory-backend=ram", "-m", megabytes + "M"));
        words.addAll(
                List.of("-object", "memory-backend-file,id=ram,share=on,size=" + megabytes + "M,mem-path=" + ramFile));
        words.addAll(List.of("-nodefaults", "-display", "none", "-qtest", "stdio", "-qtest-log", "none"));
        words.addAll(List.of("-device", "amd-iommu," + qemu.iommuOptions()));
        words.addAll(List.of("-device", "edu,addr=06.0,dma_mask=0xffffffffffffffff", "-D", traceFile.toString()));
        TraceFile.EVENTS.forEach(event -> words.addAll(List.of("-trace", event)));
        return words;
    }

    private void configurationWrite(int function, int register, long value) {
        qtest.add("outl", 0xCF8, 0x8000_0000L | (long) function << 8 | register);
        qtest.add("outl", 0xCFC, value);
    }

    private long configurationRead(int function, int register) {
        qtest.add("outl", 0xCF8, 0x8000_0000L | (long) function << 8 | register);
        qtest.add("inl", 0xCFC);
        return qtest.exchange();
    }

    /** Finds the capability of message-signalled interrupts, aims it, and gives its place. */
    private int enableMessages(int function, long address, int data) {
        int at = (int) configurationRead(function, 0x34) & 0xFF;
        long header = configurationRead(function, at);
        while ((header & 0xFF) != MSI_CAPABILITY) {
            at = (int) header >>> 8 & 0xFF;
            header = configurationRead(function, at);
        }
        configurationWrite(function, at + 4, address);
        configurationWrite(function, at + 8, 0);
        configurationWrite(function, at + 12, data);
        configurationWrite(function, at, header | 1 << 16);
        configurationWrite(function, 0x04, 6);
        qtest.exchange();
        return at;
    }

    /** Brings everything back that a program can have changed, and gives what STATUS keeps for ever. */
    long begin() {
        ram.put(Layout.FIRST_COMPARED, image, Layout.FIRST_COMPARED, Layout.RAM_BYTES - Layout.FIRST_COMPARED);
        Firmware.makeHarmless(ram);
        // 1. Empty tables, announced as such, and empty caches; a set EventLogInt would keep bases from being taken
        // (Q-REG-8).
        writeRegister(0x18, Long.BYTES, 0);
        writeRegister(STATUS, Long.BYTES, -1);
        writeRegister(STATUS, Long.BYTES, 0);
        writeRegister(0x00, Long.BYTES, Layout.DEVICE_TABLE | 1);
        writeRegister(0x08, Long.BYTES, Layout.RING | 8L << 56);
        writeRegister(0x2000, Long.BYTES, 0);
        store(Layout.RING, 2L << 60 | Layout.DEVICE);
        store(Layout.RING + 16, 8L << 60);
        writeRegister(0x18, Long.BYTES, 0x1001);
        writeRegister(0x2008, Integer.BYTES, 0x20);
        // 2. Registers as after reset.
        for (int register : REGISTERS) {
            writeRegister(register, Long.BYTES, 0);
        }
        qtest.exchange();
        store(Layout.RING, 0);
        store(Layout.RING + 16, 0);
        // 3. The device's buffer.
        transfer(Layout.BUFFER_IN, EDU_BUFFER, Layout.BUFFER_BYTES, false);
        drain();
        qtest.add("readq", IOMMU + STATUS);
        return qtest.exchange();
    }

    /** Shows the device's buffer in RAM, past the IOMMU. */
    ByteBuffer end() {
        writeRegister(0x18, Long.BYTES, 0);
        transfer(EDU_BUFFER, Layout.BUFFER_OUT, Layout.BUFFER_BYTES, true);
        drain();
        return ram;
    }

    /** What was seen since the last call. */
    List<Witness> drain() {
        qtest.exchange();
        List<Witness> seen = new ArrayList<>(witnesses);
        witnesses.clear();
        seen.addAll(trace.drain());
        // 11.1 hands its own interrupts to the processor, the others store them where they were aimed
        boolean isStored = ram.getLong(Layout.OWN_INTERRUPT) != 0;
        if (trace.takeOwnInterrupt() || isStored) {
            ram.putLong(Layout.OWN_INTERRUPT, 0);
            seen.add(new Witness(Witness.Kind.OWN_INTERRUPT, 0, 0, 0));
        }
        return seen;
    }

    @Override
    public void store(long address, long value) {
        qtest.exchange();
        ram.putLong((int) address, value);
    }

    @Override
    public void writeRegister(int offset, int sizeBytes, long value) {
        qtest.add("write" + suffix(sizeBytes), IOMMU + offset, value);
    }

    @Override
    public void readRegister(int offset, int sizeBytes) {
        qtest.add("read" + suffix(sizeBytes), IOMMU + offset);
        witnesses.add(new Witness(Witness.Kind.REGISTER, offset, sizeBytes, qtest.exchange()));
    }

    private static char suffix(int sizeBytes) {
        return switch (sizeBytes) {
            case 1 -> 'b';
            case 2 -> 'w';
            case 4 -> 'l';
            default -> 'q';
        };
    }

    @Override
    public void deviceReads(long address, int slot, int lengthBytes) {
        transfer(address, EDU_BUFFER + slot * Layout.SLOT_BYTES, lengthBytes, false);
    }

    @Override
    public void deviceWrites(long address, int slot, int lengthBytes) {
        transfer(EDU_BUFFER + slot * Layout.SLOT_BYTES, address, lengthBytes, true);
    }

    private void transfer(long source, long destination, int lengthBytes, boolean toMemory) {
        qtest.add("writeq", EDU_SOURCE, source);
        qtest.add("writeq", EDU_DESTINATION, destination);
        qtest.add("writeq", EDU_COUNT, lengthBytes);
        qtest.add("writeq", EDU_COMMAND, toMemory ? 3 : 1);
        boolean isRunning = true;
        while (isRunning) {
            for (int i = 0; i < EDU_POLLS; i++) {
                qtest.add("readq", EDU_COMMAND);
            }
            isRunning = (qtest.exchange() & 1) != 0;
        }
    }

    @Override
    public void deviceInterrupts(long address, int data) {
        configurationWrite(Layout.DEVICE, deviceMessage + 4, address);
        configurationWrite(Layout.DEVICE, deviceMessage + 12, data);
        qtest.add("writel", EDU_RAISE, 1);
        qtest.add("writel", EDU_LOWER, 1);
    }

    @Override
    public void close() {
        qtest.close();
        trace.close();
    }
}
