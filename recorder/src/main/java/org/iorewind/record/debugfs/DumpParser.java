package org.iorewind.record.debugfs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iorewind.record.debugfs.DumpedState.Device;
import org.iorewind.record.debugfs.DumpedState.DeviceEntry;
import org.iorewind.record.debugfs.DumpedState.InterruptEntry;
import org.iorewind.record.debugfs.DumpedState.Unit;
import org.iorewind.record.text.Digits;
import org.jspecify.annotations.Nullable;

/**
 * Understands the lines of a dump. What a line is, its shape tells: a register's value has sixteen digits, a word of the
 * capability eight. Which IOMMU it is of, only a path tells; without one it is the first.
 */
final class DumpParser {
    private static final Pattern HEADING = Pattern.compile("==> (?<path>.{1,4096}) <==");
    private static final Pattern NAMED =
            Pattern.compile("(?<path>(?:\\S{0,4096}/)?(?:mmio|capability|cmdbuf|devid|devtbl|irqtbl)):(?<line>.*+)");
    private static final Pattern UNIT =
            Pattern.compile("(?:.{0,4096}/)?iommu(?<number>\\d{1,3})/(?:mmio|capability|cmdbuf)");
    private static final Pattern REGISTER =
            Pattern.compile("Offset:0x(?<offset>[0-9a-f]{1,8}) Value:0x(?<value>[0-9a-f]{16}|[0-9a-f]{8})");
    private static final Pattern POINTERS =
            Pattern.compile("CMD Buffer Head Offset:(?<head>\\d{1,5}) Tail Offset:(?<tail>\\d{1,5})");
    private static final Pattern COMMAND = Pattern.compile(
            " {0,2}(?<index>\\d{1,5}): (?<a>[0-9a-f]{8}) (?<b>[0-9a-f]{8}) (?<c>[0-9a-f]{8}) (?<d>[0-9a-f]{8})");
    private static final String DEVICE =
            "(?<segment>[0-9a-f]{4,8}):(?<bus>[0-9a-f]{2}):(?<slot>[01][0-9a-f])\\.(?<function>[0-7])";
    private static final Pattern TABLE_ENTRY = Pattern.compile(
            DEVICE
                    + " (?<q3>[0-9a-f]{16}) (?<q2>[0-9a-f]{16}) (?<q1>[0-9a-f]{16}) (?<q0>[0-9a-f]{16}) iommu(?<number>\\d{1,3})");
    private static final Pattern CHOSEN = Pattern.compile(DEVICE);
    private static final Pattern INTERRUPTS_OF = Pattern.compile("DeviceId " + DEVICE);
    private static final Pattern INTERRUPT = Pattern.compile(
            "IRT\\[(?<index>\\d{4})\\] (?:(?<high>[0-9a-f]{16}) (?<low>[0-9a-f]{16})|(?<word>[0-9a-f]{8}))");
    private static final Pattern TABLE_HEADING = Pattern.compile("DeviceId\\s+QWORD\\[3\\].*+");
    private static final Pattern MESSAGE = Pattern.compile(
            "(?:Please provide |No or Invalid input provided"
                    + "|Enter a valid device ID|IRQ lookup table not set for |Interrupt remapping is disabled"
                    + "|Device table not found|The device's DTE contains an invalid IRT length|Not able to read capability).*+");

    /** What became of a line. */
    enum Outcome {
        /** Is part of the state. */
        TAKEN,
        /** A heading, or what was asked for. */
        HEADING,
        /** The kernel says that there is nothing to show. */
        MESSAGE,
        BLANK,
        UNPARSED
    }

    private final DumpedState state;
    private int iommu;
    private @Nullable Device device;

    DumpParser(DumpedState state) {
        this.state = state;
    }

    /** A new file begins: what the last one said of places is over. */
    void file(String path) {
        path(path);
        device = null;
    }

    private void path(String path) {
        Matcher unit = UNIT.matcher(path);
        iommu = unit.matches() ? Integer.parseInt(unit.group("number")) : 0;
    }

    Outcome line(String text) {
        Matcher heading = HEADING.matcher(text);
        if (heading.matches()) {
            path(heading.group("path"));
            return Outcome.HEADING;
        }
        Matcher named = NAMED.matcher(text);
        if (named.matches()) {
            path(named.group("path"));
            return content(named.group("line"));
        }
        return content(text);
    }

    private Outcome content(String text) {
        String line = text.stripTrailing();
        if (line.isEmpty()) {
            return Outcome.BLANK;
        }
        if (iommu >= DumpedState.MOST_IOMMUS) {
            return Outcome.UNPARSED;
        }
        Matcher register = REGISTER.matcher(line);
        if (register.matches()) {
            return register(register);
        }
        Matcher command = COMMAND.matcher(line);
        if (command.matches()) {
            return command(command);
        }
        Matcher pointers = POINTERS.matcher(line);
        if (pointers.matches()) {
            Unit unit = state.unit(iommu);
            unit.head = Integer.parseInt(pointers.group("head"));
            unit.tail = Integer.parseInt(pointers.group("tail"));
            return Outcome.TAKEN;
        }
        Matcher entry = TABLE_ENTRY.matcher(line);
        if (entry.matches()) {
            return tableEntry(entry);
        }
        Matcher interrupt = INTERRUPT.matcher(line);
        if (interrupt.matches()) {
            return interrupt(interrupt);
        }
        Matcher of = INTERRUPTS_OF.matcher(line);
        if (of.matches()) {
            device = device(of);
            return device == null ? Outcome.UNPARSED : Outcome.HEADING;
        }
        if (CHOSEN.matcher(line).matches() || TABLE_HEADING.matcher(line).matches()) {
            return Outcome.HEADING;
        }
        return MESSAGE.matcher(line).matches() ? Outcome.MESSAGE : Outcome.UNPARSED;
    }

    private Outcome register(Matcher register) {
        long offset = Digits.hex(register.group("offset"));
        String digits = register.group("value");
        long value = Digits.hex(digits);
        boolean capability = digits.length() == 8;
        if (offset > StateDescriptor.LAST_REGISTER || !state.takeEntry()) {
            return Outcome.UNPARSED;
        }
        Unit unit = state.unit(iommu);
        (capability ? unit.capability : unit.registers).put(offset, value);
        return Outcome.TAKEN;
    }

    private Outcome command(Matcher command) {
        int index = Integer.parseInt(command.group("index"));
        if (index >= 1 << 15 || !state.takeEntry()) {
            return Outcome.UNPARSED;
        }
        int[] words = new int[4];
        for (int i = 0; i < words.length; i++) {
            words[i] = (int) Digits.hex(command.group(String.valueOf((char) ('a' + i))));
        }
        state.unit(iommu).commands.put(index, words);
        return Outcome.TAKEN;
    }

    private Outcome tableEntry(Matcher entry) {
        Device of = device(entry);
        int number = Integer.parseInt(entry.group("number"));
        if (of == null || number >= DumpedState.MOST_IOMMUS || !state.takeEntry()) {
            return Outcome.UNPARSED;
        }
        long[] words = new long[4];
        for (int i = 0; i < words.length; i++) {
            words[i] = Digits.hex(entry.group("q" + i));
        }
        state.devices.put(of, new DeviceEntry(number, words));
        state.unit(number);
        return Outcome.TAKEN;
    }

    private Outcome interrupt(Matcher interrupt) {
        Device of = device;
        int index = Integer.parseInt(interrupt.group("index"));
        if (of == null || !state.takeEntry()) {
            return Outcome.UNPARSED;
        }
        String word = interrupt.group("word");
        state.interrupt(
                of,
                word != null
                        ? new InterruptEntry(index, 4, Digits.hex(word), 0)
                        : new InterruptEntry(
                                index, 16, Digits.hex(interrupt.group("low")), Digits.hex(interrupt.group("high"))));
        return Outcome.TAKEN;
    }

    private static @Nullable Device device(Matcher named) {
        long segment = Digits.hex(named.group("segment"));
        if (segment > 0xFFFF) {
            return null;
        }
        long requester = Digits.hex(named.group("bus")) << 8
                | Digits.hex(named.group("slot")) << 3
                | Digits.hex(named.group("function"));
        return new Device((int) segment, (int) requester);
    }
}
