package org.iorewind.model.platform.vmm.acpi;

import static org.iorewind.model.platform.vmm.acpi.IvrsFindings.hex;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an IVRS of any firmware. Whatever the bytes are, it throws nothing; what cannot be read is left out and named. Not
 * thread-safe.
 */
public final class IvrsReader {
    /** Bytes that are looked at: more than any firmware needs. */
    public static final int MOST_BYTES = 1 << 18;

    private static final int BLOCK_HEADER_BYTES = 4;
    private static final int BLOCK_LENGTH = 2;
    private static final int UID_LENGTH = 21;
    private static final int NAMES = 4;
    private static final int NAMES_BYTES = 16;
    private static final int VARIETY_SHIFT = 8;

    private final ByteBuffer in;
    private final int end;
    private final IvrsFindings findings = new IvrsFindings();
    private final List<IvrsUnit> units = new ArrayList<>();
    private final List<IvrsMemory> memory = new ArrayList<>();

    /**
     * What was read.
     *
     * @param table what the table says, as far as it can be read
     * @param findings what is wrong with its form, in the order of the bytes
     */
    public record Reading(IvrsTable table, List<IvrsFinding> findings) {}

    private IvrsReader(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int most = Math.min(bytes.length, MOST_BYTES);
        boolean hasLength = bytes.length >= IvrsDescriptor.BLOCKS;
        long length = hasLength ? Integer.toUnsignedLong(in.getInt(IvrsDescriptor.LENGTH)) : 0;
        this.end = (int) Math.min(length, most);
    }

    /** Reads a table. */
    public static Reading read(byte[] bytes) {
        IvrsReader reader = new IvrsReader(bytes);
        if (bytes.length < IvrsDescriptor.BLOCKS) {
            reader.findings.add(
                    IvrsProblem.TOO_SHORT, "byte 0", IvrsDescriptor.BLOCKS + " bytes or more", "" + bytes.length);
            return new Reading(new IvrsTable(0, 0, List.of(), List.of()), reader.findings.all());
        }
        reader.readHeader(bytes);
        reader.readBlocks();
        int revision = Byte.toUnsignedInt(bytes[IvrsDescriptor.REVISION]);
        int info = reader.in.getInt(IvrsDescriptor.INFO);
        return new Reading(new IvrsTable(revision, info, reader.units, reader.memory), reader.findings.all());
    }

    private void readHeader(byte[] bytes) {
        int signature = in.getInt(0);
        if (signature != IvrsDescriptor.SIGNATURE) {
            findings.add(IvrsProblem.SIGNATURE, "byte 0", hex(IvrsDescriptor.SIGNATURE), hex(signature & 0xFFFF_FFFFL));
        }
        long length = Integer.toUnsignedLong(in.getInt(IvrsDescriptor.LENGTH));
        if (length != bytes.length) {
            findings.add(IvrsProblem.LENGTH, "byte " + IvrsDescriptor.LENGTH, "" + bytes.length, "" + length);
        }
        if (bytes.length > MOST_BYTES) {
            findings.add(IvrsProblem.TOO_LONG, "byte " + MOST_BYTES, "at most " + MOST_BYTES, "" + bytes.length);
        }
        int revision = Byte.toUnsignedInt(bytes[IvrsDescriptor.REVISION]);
        if (revision != IvrsDescriptor.FIXED && revision != IvrsDescriptor.MIXED) {
            findings.add(IvrsProblem.REVISION, "byte " + IvrsDescriptor.REVISION, "1 or 2", "" + revision);
        }
        int sum = IvrsWriter.sum(bytes, end);
        if (sum != 0) {
            int right = bytes[IvrsDescriptor.CHECKSUM] - sum & 0xFF;
            findings.add(
                    IvrsProblem.CHECKSUM,
                    "byte " + IvrsDescriptor.CHECKSUM,
                    hex(right),
                    hex(Byte.toUnsignedInt(bytes[IvrsDescriptor.CHECKSUM])));
        }
    }

    private void readBlocks() {
        int place = IvrsDescriptor.BLOCKS;
        while (place < end) {
            int length = end - place < BLOCK_HEADER_BYTES ? 0 : unsignedShort(place + BLOCK_LENGTH);
            if (end - place < BLOCK_HEADER_BYTES) {
                findings.add(IvrsProblem.TRAILING_BYTES, "byte " + place, "a block", end - place + " bytes");
                return;
            }
            int type = unsignedByte(place);
            if (length < BLOCK_HEADER_BYTES) {
                findings.add(
                        IvrsProblem.BLOCK_TOO_SHORT, block(type, place), BLOCK_HEADER_BYTES + " or more", "" + length);
                return;
            }
            if (place + length > end) {
                findings.add(
                        IvrsProblem.BLOCK_BEYOND_TABLE, block(type, place), "at most " + (end - place), "" + length);
                return;
            }
            readBlock(type, place, length);
            place += length;
        }
    }

    private void readBlock(int type, int place, int length) {
        boolean isUnit = IvrsDescriptor.isUnit(type);
        if (!isUnit && !IvrsDescriptor.isMemory(type)) {
            findings.add(IvrsProblem.UNKNOWN_BLOCK, "byte " + place, "10h, 11h, 40h or 20h to 22h", hex(type));
            return;
        }
        int least = isUnit ? IvrsDescriptor.unitBytes(type) : IvrsDescriptor.MEMORY_BYTES;
        if (length < least) {
            findings.add(IvrsProblem.BLOCK_TOO_SHORT, block(type, place), least + " or more", "" + length);
            return;
        }
        if (isUnit) {
            readUnit(type, place, length);
        } else {
            memory.add(new IvrsMemory(
                    type,
                    unsignedByte(place + 1),
                    unsignedShort(place + 4),
                    unsignedShort(place + 6),
                    unsignedShort(place + 8),
                    in.getLong(place + 16),
                    in.getLong(place + 24)));
        }
    }

    private void readUnit(int type, int place, int length) {
        boolean hasImages = type != IvrsDescriptor.UNIT_10;
        int first = place + IvrsDescriptor.unitBytes(type);
        units.add(new IvrsUnit(
                type,
                unsignedByte(place + 1),
                unsignedShort(place + 4),
                unsignedShort(place + 6),
                in.getLong(place + 8),
                unsignedShort(place + 16),
                unsignedShort(place + 18),
                in.getInt(place + 20),
                hasImages ? in.getLong(place + 24) : 0,
                hasImages ? in.getLong(place + 32) : 0,
                readEntries(first, place + length)));
    }

    private List<IvrsEntry> readEntries(int first, int blockEnd) {
        List<IvrsEntry> entries = new ArrayList<>();
        int place = first;
        while (place < blockEnd) {
            int type = unsignedByte(place);
            int bytes = IvrsDescriptor.entryBytes(type);
            if (type == IvrsDescriptor.ACPI_DEVICE && place + bytes <= blockEnd) {
                bytes += unsignedByte(place + UID_LENGTH);
            }
            if (bytes == 0) {
                findings.add(IvrsProblem.UNKNOWN_ENTRY, "byte " + place, "an entry of a known size", hex(type));
                return entries;
            }
            if (place + bytes > blockEnd) {
                findings.add(
                        IvrsProblem.ENTRY_BEYOND_BLOCK, "byte " + place, "at most " + (blockEnd - place), "" + bytes);
                return entries;
            }
            readEntry(type, place, bytes, entries);
            place += bytes;
        }
        return entries;
    }

    private void readEntry(int type, int place, int bytes, List<IvrsEntry> entries) {
        int device = unsignedShort(place + 1);
        int setting = unsignedByte(place + 3);
        switch (type) {
            case IvrsDescriptor.PAD_4, IvrsDescriptor.PAD_8 -> {
                // Padding says nothing.
            }
            case IvrsDescriptor.ALL, IvrsDescriptor.SELECT, IvrsDescriptor.RANGE_START, IvrsDescriptor.RANGE_END ->
                entries.add(new IvrsEntry(type, device, setting, 0, 0, ""));
            case IvrsDescriptor.ALIAS, IvrsDescriptor.ALIAS_START ->
                entries.add(new IvrsEntry(type, device, setting, unsignedShort(place + 5), 0, ""));
            case IvrsDescriptor.EXTENDED, IvrsDescriptor.EXTENDED_START ->
                entries.add(new IvrsEntry(type, device, setting, 0, in.getInt(place + 4), ""));
            case IvrsDescriptor.SPECIAL ->
                entries.add(new IvrsEntry(
                        type,
                        device,
                        setting,
                        unsignedShort(place + 5),
                        unsignedByte(place + 7) << VARIETY_SHIFT | unsignedByte(place + 4),
                        ""));
            case IvrsDescriptor.ACPI_DEVICE -> {
                int uidBytes = bytes - IvrsDescriptor.ACPI_DEVICE_BYTES;
                byte[] text = new byte[NAMES_BYTES + uidBytes];
                in.get(place + NAMES, text, 0, NAMES_BYTES);
                in.get(place + IvrsDescriptor.ACPI_DEVICE_BYTES, text, NAMES_BYTES, uidBytes);
                entries.add(new IvrsEntry(
                        type,
                        device,
                        setting,
                        0,
                        unsignedByte(place + NAMES + NAMES_BYTES),
                        new String(text, StandardCharsets.ISO_8859_1)));
            }
            default -> findings.add(IvrsProblem.UNKNOWN_ENTRY, "byte " + place, "a known entry", hex(type));
        }
    }

    private static String block(int type, int place) {
        return "block " + hex(type) + " at byte " + place;
    }

    private int unsignedByte(int place) {
        return Byte.toUnsignedInt(in.get(place));
    }

    private int unsignedShort(int place) {
        return Short.toUnsignedInt(in.getShort(place));
    }
}
