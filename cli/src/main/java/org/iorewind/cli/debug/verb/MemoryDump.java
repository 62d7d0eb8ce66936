package org.iorewind.cli.debug.verb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.WordList;
import org.iorewind.model.memory.SparseMemory;
import org.iorewind.replay.Machine;

/** {@code x/NFU ADDR}: memory as the recording knows it. */
final class MemoryDump {
    private static final Pattern SHAPE = Pattern.compile("(?:/(\\d{1,5})?([xdut])?([bhwg])?([xdut])?(?:\\s+|$))?(.*)");
    private static final int MOST = 4096;
    private static final int LINE_BYTES = 16;
    private static final String UNKNOWN = "?";

    private MemoryDump() {}

    static Answer run(DebugSession session, String rest) {
        Matcher shape = SHAPE.matcher(rest);
        if (!shape.matches()) {
            throw new DebugException("expected x/NFU ADDR such as x/4xg 0x100000, found: x" + rest);
        }
        int count = shape.group(1) == null ? 1 : Integer.parseInt(shape.group(1));
        String format = shape.group(2) != null ? shape.group(2) : shape.group(4) != null ? shape.group(4) : "x";
        int bytes = bytes(shape.group(3) == null ? "g" : shape.group(3));
        WordList words = WordList.of(shape.group(5));
        int number = words.takeIommu(session.machine());
        long address = words.nextNumber("an address such as 0x100000");
        words.end();
        if (count < 1 || count > MOST) {
            throw new DebugException("expected 1 to " + MOST + " units, found: " + count);
        }
        if (address % bytes != 0) {
            throw new DebugException(
                    "expected an address that is a multiple of " + bytes + ", found: " + Notation.hex(address));
        }
        return dump(session.machine(), number, address, count, bytes, format);
    }

    private static int bytes(String unit) {
        return switch (unit) {
            case "b" -> 1;
            case "h" -> Short.BYTES;
            case "w" -> Integer.BYTES;
            default -> Long.BYTES;
        };
    }

    private static Answer dump(Machine machine, int number, long address, int count, int bytes, String format) {
        List<Map<String, Object>> units = new ArrayList<>();
        Answer answer = new Answer();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < count; i++) {
            long at = address + (long) i * bytes;
            if (i % (LINE_BYTES / bytes) == 0) {
                if (i > 0) {
                    answer.line(line.toString());
                }
                line.setLength(0);
                line.append(Notation.hex(at)).append(':');
            }
            String value = value(machine.memory(), machine.systemAddress(number, at), bytes, format);
            line.append("  ").append(value);
            Map<String, Object> unit = new LinkedHashMap<>();
            unit.put("address", Notation.hex(at));
            unit.put("value", value);
            units.add(unit);
        }
        return answer.line(line.toString()).field("memory", units);
    }

    private static String value(SparseMemory memory, long at, int bytes, String format) {
        long quadword = at & -Long.BYTES;
        if (!memory.isRecorded(quadword)) {
            return UNKNOWN;
        }
        int shift = (int) (at - quadword) * Byte.SIZE;
        int unused = Long.SIZE - bytes * Byte.SIZE;
        long value = memory.peek(quadword) >>> shift << unused >>> unused;
        return switch (format) {
            case "d" -> Long.toString(value << unused >> unused);
            case "u" -> Long.toUnsignedString(value);
            case "t" -> "0b" + Long.toBinaryString(value);
            default -> "0x" + "0".repeat(2 * bytes - Long.toHexString(value).length()) + Long.toHexString(value);
        };
    }
}
