package org.iorewind.model.platform.vmm.acpi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes an IVRS as bytes, length and checksum included. Stateless. */
public final class IvrsWriter {
    private static final String OEM_ID = "IOREW ";
    private static final String OEM_TABLE_ID = "IOREWIND";
    private static final String CREATOR = "IORW";
    private static final int VERSION = 1;
    private static final int NAMES_BYTES = 16;

    private IvrsWriter() {}

    /**
     * Writes a table.
     *
     * @throws IllegalArgumentException if a unit has more entries than its 16-bit length can tell
     */
    public static byte[] write(IvrsTable table) {
        ByteBuffer out = ByteBuffer.allocate(table.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(IvrsDescriptor.SIGNATURE);
        out.putInt(table.bytes());
        out.put((byte) table.revision());
        out.position(IvrsDescriptor.OEM_ID);
        out.put(latin(OEM_ID));
        out.put(latin(OEM_TABLE_ID));
        out.putInt(VERSION);
        out.put(latin(CREATOR));
        out.putInt(VERSION);
        out.putInt(table.info());
        out.position(IvrsDescriptor.BLOCKS);
        table.units().forEach(unit -> write(out, unit));
        table.memory().forEach(memory -> write(out, memory));
        byte[] bytes = out.array();
        bytes[IvrsDescriptor.CHECKSUM] = (byte) -sum(bytes, bytes.length);
        return bytes;
    }

    /** Sum of the first bytes, of which the low 8 bits count. */
    static int sum(byte[] bytes, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += bytes[i];
        }
        return sum & 0xFF;
    }

    private static void write(ByteBuffer out, IvrsUnit unit) {
        if (unit.bytes() > 0xFFFF) {
            throw new IllegalArgumentException("expected a unit of at most 65535 bytes, found bytes=" + unit.bytes()
                    + ": list its devices by ranges");
        }
        out.put((byte) unit.type());
        out.put((byte) unit.flags());
        out.putShort((short) unit.bytes());
        out.putShort((short) unit.deviceId());
        out.putShort((short) unit.capability());
        out.putLong(unit.mmioBase());
        out.putShort((short) unit.segment());
        out.putShort((short) unit.info());
        out.putInt(unit.features());
        if (unit.type() != IvrsDescriptor.UNIT_10) {
            out.putLong(unit.efr());
            out.putLong(unit.efr2());
        }
        unit.entries().forEach(entry -> write(out, entry));
    }

    private static void write(ByteBuffer out, IvrsEntry entry) {
        int end = out.position() + entry.bytes();
        out.put((byte) entry.type());
        out.putShort((short) entry.deviceId());
        out.put((byte) entry.setting());
        switch (entry.type()) {
            case IvrsDescriptor.ALIAS, IvrsDescriptor.ALIAS_START -> {
                out.put((byte) 0);
                out.putShort((short) entry.otherId());
            }
            case IvrsDescriptor.EXTENDED, IvrsDescriptor.EXTENDED_START -> out.putInt(entry.detail());
            case IvrsDescriptor.SPECIAL -> {
                out.put((byte) entry.handle());
                out.putShort((short) entry.otherId());
                out.put((byte) entry.variety());
            }
            case IvrsDescriptor.ACPI_DEVICE -> {
                byte[] text = latin(entry.text());
                out.put(text, 0, NAMES_BYTES);
                out.put((byte) entry.detail());
                out.put((byte) (text.length - NAMES_BYTES));
                out.put(text, NAMES_BYTES, text.length - NAMES_BYTES);
            }
            default -> {
                // Four bytes say it all.
            }
        }
        out.position(end);
    }

    private static void write(ByteBuffer out, IvrsMemory memory) {
        int start = out.position();
        out.put((byte) memory.type());
        out.put((byte) memory.flags());
        out.putShort((short) IvrsDescriptor.MEMORY_BYTES);
        out.putShort((short) memory.deviceId());
        out.putShort((short) memory.lastDeviceId());
        out.putShort((short) memory.segment());
        out.position(start + 16);
        out.putLong(memory.start());
        out.putLong(memory.length());
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
