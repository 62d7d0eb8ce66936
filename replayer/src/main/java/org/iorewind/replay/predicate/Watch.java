package org.iorewind.replay.predicate;

import java.util.Arrays;
import java.util.List;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.replay.Machine;
import org.iorewind.replay.Playback;
import org.iorewind.replay.Words;
import org.iorewind.replay.travel.Effects;
import org.iorewind.replay.travel.MomentTest;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;

/**
 * A place whose changes are looked for, in either direction. Written as words:
 *
 * <pre>
 *   register CONTROL          a register of the host, by name or offset
 *   dte 00:03.0               a device table entry in memory
 *   pte 00:03.0 0x1000        what the tables in memory say of an address
 *   iotlb 00:03.0 0x1000      whether a translation is cached
 *   memory 0x1000             a quadword
 *   guest 3 0x2000            a register of a guest's VF page, by its offset as of the host's
 * </pre>
 *
 * <p>IOMMU 0 is meant. It holds for an event that leaves another value than was there before. Not thread-safe.
 */
public final class Watch implements MomentTest {
    private static final int QUADWORDS = 4;
    private static final int FIRST_GUEST_REGISTER = 0x2000;

    /** Reads a place into numbers. */
    private interface Place {
        void read(Machine machine, long[] into);
    }

    /** Says what numbers mean. */
    private interface Meaning {
        String of(long[] value);
    }

    private final String text;
    private final Place place;
    private final Meaning meaning;
    private long[] value = new long[QUADWORDS];
    private long[] old = new long[QUADWORDS];
    private long[] now = new long[QUADWORDS];

    private Watch(String text, Place place, Meaning meaning) {
        this.text = text;
        this.place = place;
        this.meaning = meaning;
    }

    /**
     * Reads the words.
     *
     * @throws IllegalArgumentException if they are something else; the message says what was expected
     */
    public static Watch parse(String text) {
        List<String> words = List.of(text.strip().split("\\s+"));
        String shape = words.get(0) + " " + (words.size() - 1);
        return switch (shape) {
            case "register 1" -> {
                String name = words.get(1);
                int offset = Character.isDigit(name.charAt(0)) ? (int) number(name) : StateView.offset(name);
                yield new Watch(
                        text, (machine, into) -> into[0] = machine.iommu().register(offset & -8), Watch::hex);
            }
            case "memory 1" -> {
                long address = number(words.get(1));
                yield new Watch(
                        text, (machine, into) -> into[0] = machine.memory().peek(address), Watch::hex);
            }
            case "dte 1" -> {
                int requester = Requesters.parse(words.get(1));
                yield new Watch(text, (machine, into) -> entry(machine.iommu(), requester, into), Watch::quadwords);
            }
            case "pte 2" -> {
                int requester = Requesters.parse(words.get(1));
                long address = number(words.get(2));
                yield new Watch(text, (machine, into) -> page(machine.iommu(), requester, address, into), Watch::page);
            }
            case "iotlb 2" -> {
                StateViewOf view = new StateViewOf(words.get(1), number(words.get(2)));
                yield new Watch(text, view::read, value -> value[0] == 0 ? "not cached" : "cached");
            }
            case "guest 2" -> {
                int guest = (int) number(words.get(1));
                int offset = (int) number(words.get(2)) - FIRST_GUEST_REGISTER;
                yield new Watch(
                        text,
                        (machine, into) -> into[0] = machine.iommu().guestRegister(guest, offset & -8),
                        Watch::hex);
            }
            default ->
                throw new IllegalArgumentException(
                        "expected register NAME, dte DEVICE, pte DEVICE ADDRESS, iotlb DEVICE"
                                + " ADDRESS, memory ADDRESS, or guest NUMBER OFFSET; found: " + text);
        };
    }

    /** Whether a translation is cached. */
    private record StateViewOf(String device, long address) {
        StateViewOf {
            Requesters.parse(device);
        }

        void read(Machine machine, long[] into) {
            into[0] = new StateView(machine).isCached(0, device, address) ? 1 : 0;
        }
    }

    private static void entry(Iommu iommu, int requester, long[] into) {
        DeviceEntry entry = iommu.deviceEntry(requester);
        for (int i = 0; i < QUADWORDS; i++) {
            into[i] = entry == null ? 0 : entry.quadword(i);
        }
    }

    private static void page(Iommu iommu, int requester, long address, long[] into) {
        Probe probe = iommu.probe(requester, address);
        into[0] = probe.decision().ordinal();
        into[1] = probe.result();
        into[2] = probe.rights();
        into[3] = probe.domain();
    }

    private static String hex(long[] value) {
        return Words.hex(value[0]);
    }

    private static String quadwords(long[] value) {
        return Words.hex(value[0]) + " " + Words.hex(value[1]) + " " + Words.hex(value[2]) + " " + Words.hex(value[3]);
    }

    private static String page(long[] value) {
        TranslationDecision decision = TranslationDecision.values()[(int) value[0]];
        return decision == TranslationDecision.TRANSLATED
                ? Words.hex(value[1]) + " rights " + value[2] + " domain " + value[3]
                : decision + " rights " + value[2] + (value[3] < 0 ? "" : " domain " + value[3]);
    }

    private static long number(String word) {
        try {
            return word.startsWith("0x") ? Long.parseUnsignedLong(word.substring(2), 16) : Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a number, found: " + word, e);
        }
    }

    @Override
    public void begin(Playback playback) {
        place.read(playback.machine(), value);
    }

    @Override
    public boolean holds(EventView event, Playback playback, Effects effects) {
        EventKind kind = event.kind();
        if (kind == null || kind.eventClass() != EventClass.INPUT) {
            return false;
        }
        place.read(playback.machine(), now);
        if (Arrays.equals(now, value)) {
            return false;
        }
        long[] before = old;
        old = value;
        value = now;
        now = before;
        return true;
    }

    /** What was there before the last change. */
    public String before() {
        return meaning.of(old);
    }

    /** What is there now. */
    public String after() {
        return meaning.of(value);
    }

    @Override
    public String toString() {
        return text;
    }
}
