package org.iorewind.model.qemu;

import java.util.Locale;

/** One step of a program. Steps stand for themselves: any of them can be left out, and the rest still runs. */
sealed interface Step {
    /** Does it. */
    void applyTo(Target target, int slot);

    /** Stores a quadword; {@code what} is for the reader. */
    record Store(String what, long address, long value) implements Step {
        @Override
        public void applyTo(Target target, int slot) {
            target.store(address, value);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "store    %x = %016x   %s", address, value, what);
        }
    }

    /** Writes a register of the IOMMU. */
    record Write(int offset, int sizeBytes, long value) implements Step {
        @Override
        public void applyTo(Target target, int slot) {
            target.writeRegister(offset, sizeBytes, value);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "register %04x/%d = %x", offset, sizeBytes, value);
        }
    }

    /** Reads a register of the IOMMU. */
    record Read(int offset, int sizeBytes) implements Step {
        @Override
        public void applyTo(Target target, int slot) {
            target.readRegister(offset, sizeBytes);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "read     %04x/%d", offset, sizeBytes);
        }
    }

    /** Stores a command at a place of the ring and moves the tail behind it, in one register write. */
    record Command(int offset, int tail, long low, long high) implements Step {
        @Override
        public void applyTo(Target target, int slot) {
            target.store(Layout.RING + offset, low);
            target.store(Layout.RING + offset + Long.BYTES, high);
            target.writeRegister(0x2008, Integer.BYTES, tail);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "command  at %x: %016x %016x, tail = %x", offset, low, high, tail);
        }
    }

    /** The device reads memory. */
    record DeviceRead(long address, int lengthBytes) implements Step {
        @Override
        public void applyTo(Target target, int slot) {
            target.deviceReads(address, slot, lengthBytes);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "device reads  %x, %d bytes", address, lengthBytes);
        }
    }

    /** The device writes memory. */
    record DeviceWrite(long address, int lengthBytes) implements Step {
        @Override
        public void applyTo(Target target, int slot) {
            target.deviceWrites(address, slot, lengthBytes);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "device writes %x, %d bytes", address, lengthBytes);
        }
    }

    /** The device sends a message-signalled interrupt. */
    record Interrupt(long address, int data) implements Step {
        @Override
        public void applyTo(Target target, int slot) {
            target.deviceInterrupts(address, data);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "device interrupts: address %x data %x", address, data);
        }
    }
}
