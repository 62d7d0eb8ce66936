package org.iorewind.replay.predicate;

import java.util.List;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.replay.Machine;
import org.iorewind.replay.Words;

/**
 * A place of a machine that can be read into numbers at any moment, and what the numbers mean.
 *
 * @param reader reads it; where there is no such thing at a moment, all numbers are 0
 * @param meaning says what the numbers mean
 * @param locator where it is in memory
 */
record WatchedPlace(Reader reader, Meaning meaning, Locator locator) {
    /** How many numbers a place has. */
    static final int QUADWORDS = 4;
    /** What a place that is not in memory has for an address. */
    static final long NOWHERE = -1;

    private static final int FIRST_GUEST_REGISTER = 0x2000;
    private static final int MOST_IOMMUS = 256;

    /** Reads a place into numbers. */
    @FunctionalInterface
    interface Reader {
        void read(Machine machine, long[] into);
    }

    /** Says what numbers mean. */
    @FunctionalInterface
    interface Meaning {
        String of(long[] value);
    }

    /** Tells the address of the quadword that it is in. */
    @FunctionalInterface
    interface Locator {
        /** Not at all, for what is no memory. */
        Locator NONE = machine -> NOWHERE;

        long address(Machine machine);
    }

    /**
     * Reads the words.
     *
     * @throws IllegalArgumentException if they are something else; the message says what was expected
     */
    static WatchedPlace parse(String text) {
        List<String> words = List.of(text.strip().split("\\s+"));
        int number = 0;
        if (words.size() > 2 && words.get(0).equals("iommu")) {
            long given = number(words.get(1));
            if (given < 0 || given >= MOST_IOMMUS) {
                throw new IllegalArgumentException("expected an IOMMU from 0 to 255, found: " + words.get(1));
            }
            number = (int) given;
            words = words.subList(2, words.size());
        }
        return parse(text, number, words);
    }

    private static WatchedPlace parse(String text, int number, List<String> words) {
        String shape = words.get(0) + " " + (words.size() - 1);
        return switch (shape) {
            case "register 1" -> register(number, words.get(1));
            case "memory 1", "mem 1" -> {
                long address = number(words.get(1));
                yield new WatchedPlace(
                        (machine, into) -> into[0] = machine.memory().peek(address),
                        WatchedPlace::hex,
                        machine -> address & -Long.BYTES);
            }
            case "dte 1" -> deviceEntry(number, Requesters.parse(words.get(1)));
            case "pte 2" -> page(number, Requesters.parse(words.get(1)), number(words.get(2)));
            case "irte 2" -> interrupt(number, Requesters.parse(words.get(1)), index(words.get(2)));
            case "iotlb 2" -> {
                String device = words.get(1);
                Requesters.parse(device);
                long address = number(words.get(2));
                yield new WatchedPlace(
                        (machine, into) -> into[0] = new StateView(machine).isCached(number, device, address) ? 1 : 0,
                        value -> value[0] == 0 ? "not cached" : "cached",
                        Locator.NONE);
            }
            case "guest 2" -> {
                int guest = (int) number(words.get(1));
                int offset = (int) number(words.get(2)) - FIRST_GUEST_REGISTER;
                yield new WatchedPlace(
                        (machine, into) -> into[0] = machine.hasIommu(number)
                                ? machine.iommu(number).guestRegister(guest, offset & -Long.BYTES)
                                : 0,
                        WatchedPlace::hex,
                        Locator.NONE);
            }
            default ->
                throw new IllegalArgumentException("expected register NAME, dte DEVICE, pte DEVICE ADDRESS,"
                        + " irte DEVICE INDEX, iotlb DEVICE ADDRESS, memory ADDRESS, or guest NUMBER OFFSET, with iommu"
                        + " NUMBER before it where it is not 0; found: " + text);
        };
    }

    private static int index(String word) {
        long index = number(word);
        if (index < 0 || index > InterruptEntry.MOST_INDEX) {
            throw new IllegalArgumentException(
                    "expected an index from 0 to " + InterruptEntry.MOST_INDEX + ", found: " + word);
        }
        return (int) index;
    }

    private static WatchedPlace register(int number, String name) {
        int offset = Character.isDigit(name.charAt(0)) ? (int) number(name) : StateView.offset(name);
        return new WatchedPlace(
                (machine, into) -> into[0] = new StateView(machine).register(number, offset),
                WatchedPlace::hex,
                Locator.NONE);
    }

    private static WatchedPlace deviceEntry(int number, int requester) {
        return new WatchedPlace(
                (machine, into) -> {
                    DeviceEntry entry =
                            machine.hasIommu(number) ? machine.iommu(number).deviceEntry(requester) : null;
                    for (int i = 0; i < QUADWORDS; i++) {
                        into[i] = entry == null ? 0 : entry.quadword(i);
                    }
                },
                value -> hex(value) + " " + Words.hex(value[1]) + " " + Words.hex(value[2]) + " " + Words.hex(value[3]),
                machine -> {
                    DeviceEntry entry =
                            machine.hasIommu(number) ? machine.iommu(number).deviceEntry(requester) : null;
                    return entry == null ? NOWHERE : machine.systemAddress(number, entry.address());
                });
    }

    private static WatchedPlace page(int number, int requester, long address) {
        return new WatchedPlace(
                (machine, into) -> {
                    into[0] = TranslationDecision.NOT_RECORDED.ordinal();
                    into[1] = 0;
                    into[2] = 0;
                    into[3] = -1;
                    if (machine.hasIommu(number)) {
                        Probe probe = machine.iommu(number).probe(requester, address);
                        into[0] = probe.decision().ordinal();
                        into[1] = probe.result();
                        into[2] = probe.rights();
                        into[3] = probe.domain();
                    }
                },
                WatchedPlace::page,
                machine -> {
                    if (!machine.hasIommu(number)) {
                        return NOWHERE;
                    }
                    Probe probe = machine.iommu(number).probe(requester, address);
                    return probe.steps().isEmpty()
                            ? NOWHERE
                            : machine.systemAddress(
                                    number,
                                    probe.steps().get(probe.steps().size() - 1).entryAddress());
                });
    }

    private static String page(long[] value) {
        TranslationDecision[] decisions = TranslationDecision.values();
        TranslationDecision decision = decisions[(int) Math.floorMod(value[0], (long) decisions.length)];
        return Words.page(decision, value[1], value[2], value[3]);
    }

    private static WatchedPlace interrupt(int number, int requester, int index) {
        return new WatchedPlace(
                (machine, into) -> {
                    InterruptEntry entry = InterruptEntry.of(machine, number, requester, index);
                    into[0] = entry == null ? 0 : entry.isLong() ? 2 : 1;
                    into[1] = entry == null ? 0 : entry.low();
                    into[2] = entry == null ? 0 : entry.high();
                },
                value -> value[0] == 0
                        ? "no entry"
                        : Words.hex(value[1]) + (value[0] == 2 ? " " + Words.hex(value[2]) : ""),
                machine -> {
                    InterruptEntry entry = InterruptEntry.of(machine, number, requester, index);
                    return entry == null ? NOWHERE : entry.address() & -Long.BYTES;
                });
    }

    private static String hex(long[] value) {
        return Words.hex(value[0]);
    }

    private static long number(String word) {
        try {
            return word.startsWith("0x") ? Long.parseUnsignedLong(word.substring(2), 16) : Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a number, found: " + word, e);
        }
    }
}
