package org.iorewind.cli.debug.session;

import java.util.Arrays;
import java.util.List;
import org.iorewind.replay.Machine;
import org.iorewind.replay.predicate.Requesters;

/** The words behind a verb, taken one after the other. */
public final class WordList {
    private static final int HEX = 16;
    private static final int MOST_IOMMUS = 256;

    private final List<String> words;
    private int at;

    private WordList(List<String> words) {
        this.words = words;
    }

    /** The words of a text. */
    public static WordList of(String text) {
        String plain = text.strip();
        List<String> words = plain.isEmpty() ? List.of() : Arrays.asList(plain.split("\\s+", -1));
        return new WordList(words);
    }

    /** Whether there is one more. */
    public boolean hasNext() {
        return at < words.size();
    }

    /** The next one, to be taken yet; empty if there is none. */
    public String peek() {
        return hasNext() ? words.get(at) : "";
    }

    /**
     * The next one.
     *
     * @param expected what it is, for the message
     * @throws DebugException if there is none
     */
    public String next(String expected) {
        if (!hasNext()) {
            throw new DebugException("expected " + expected + ", found nothing");
        }
        return words.get(at++);
    }

    /** The next one if there is one. */
    public String nextOr(String otherwise) {
        return hasNext() ? words.get(at++) : otherwise;
    }

    /** The next one as a number, in decimal or hexadecimal. */
    public long nextNumber(String expected) {
        return number(next(expected));
    }

    /** The next one as a DeviceID. */
    public int nextDevice() {
        try {
            return Requesters.parse(next("a device such as 00:03.0"));
        } catch (IllegalArgumentException e) {
            throw new DebugException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * A count that may be left out.
     *
     * @param otherwise what it is then
     * @throws DebugException if it is less than 1
     */
    public long nextCount(long otherwise) {
        if (!hasNext()) {
            return otherwise;
        }
        long count = nextNumber("a count");
        if (count < 1) {
            throw new DebugException("expected a count of 1 or more, found: " + count);
        }
        return count;
    }

    /**
     * The number of an IOMMU, if the next words are {@code iommu N}; they are taken.
     *
     * @param machine that must have it
     * @return 0 if there are no such words
     * @throws DebugException if there is no such IOMMU
     */
    public int takeIommu(Machine machine) {
        if (!peek().equals("iommu")) {
            return 0;
        }
        at++;
        long number = nextNumber("the number of an IOMMU");
        if (number < 0 || number >= MOST_IOMMUS || !machine.hasIommu((int) number)) {
            throw new DebugException("expected the number of an IOMMU that is there, found: " + number);
        }
        return (int) number;
    }

    /** All that are left, with one space between them. */
    public String rest() {
        String rest = String.join(" ", words.subList(at, words.size()));
        at = words.size();
        return rest;
    }

    /**
     * Nothing more is wanted.
     *
     * @throws DebugException if there is more
     */
    public void end() {
        if (hasNext()) {
            throw new DebugException("expected nothing more, found: " + rest());
        }
    }

    /**
     * A number in decimal, or in hexadecimal with {@code 0x}.
     *
     * @throws DebugException if it is none
     */
    public static long number(String word) {
        try {
            return word.startsWith("0x") || word.startsWith("0X")
                    ? Long.parseUnsignedLong(word.substring(2), HEX)
                    : Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw new DebugException("expected a number such as 26412 or 0x1000, found: " + word);
        }
    }
}
