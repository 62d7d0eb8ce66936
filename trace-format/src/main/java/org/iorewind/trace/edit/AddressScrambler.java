package org.iorewind.trace.edit;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.agrona.collections.Long2LongHashMap;

/**
 * Keyed stand-ins for what must not be shown: equal things stay equal, different ones different, and without the salt
 * nobody gets back. Not thread-safe.
 */
final class AddressScrambler {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int PAGE_BITS = 12;
    private static final int HALF_BITS = 20;
    private static final long HALF_MASK = (1L << HALF_BITS) - 1;
    private static final long FRAME_MASK = (1L << 2 * HALF_BITS) - 1 << PAGE_BITS;
    /** Four rounds make a random-looking permutation of random-looking functions (Luby and Rackoff). */
    private static final int ROUNDS = 4;

    private static final int KEPT_PAGES = 1 << 16;
    private static final int TEXT_BYTES = 8;
    private static final byte PAGE = 1;
    private static final byte WORD = 2;
    private static final byte TEXT = 3;

    private final Mac mac;
    private final ByteBuffer block = ByteBuffer.allocate(2 + Long.BYTES).order(LITTLE_ENDIAN);
    private final Long2LongHashMap pages = new Long2LongHashMap(-1);

    /**
     * A scrambler with a key.
     *
     * @param salt at least one byte
     */
    AddressScrambler(byte[] salt) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(salt, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /**
     * An address or register value: bits 51:12 are replaced by a permutation of them, so that two pages are the same
     * afterwards if and only if they were before; the offset in the page and bits 63:52 stay. 0 and all ones stay.
     */
    long address(long value) {
        if (value == 0 || value == -1L) {
            return value;
        }
        long page = (value & FRAME_MASK) >>> PAGE_BITS;
        long known = pages.get(page);
        if (known == -1) {
            known = permute(page);
            if (pages.size() >= KEPT_PAGES) {
                pages.clear();
            }
            pages.put(page, known);
        }
        return value & ~FRAME_MASK | known << PAGE_BITS;
    }

    private long permute(long page) {
        long left = page >>> HALF_BITS;
        long right = page & HALF_MASK;
        for (int round = 0; round < ROUNDS; round++) {
            long next = left ^ keyed(PAGE, (byte) round, right) & HALF_MASK;
            left = right;
            right = next;
        }
        return left << HALF_BITS | right;
    }

    /** Eight bytes of payload; 0 stays. */
    long word(long value) {
        return value == 0 ? 0 : keyed(WORD, (byte) 0, value);
    }

    /** A text: 16 hexadecimal digits for it; an empty one stays. */
    String text(byte[] utf8) {
        if (utf8.length == 0) {
            return "";
        }
        mac.update(TEXT);
        return "redacted-" + HexFormat.of().formatHex(mac.doFinal(utf8), 0, TEXT_BYTES);
    }

    private long keyed(byte purpose, byte round, long value) {
        block.clear();
        block.put(purpose).put(round).putLong(value);
        mac.update(block.array(), 0, block.capacity());
        return ByteBuffer.wrap(mac.doFinal()).order(LITTLE_ENDIAN).getLong();
    }
}
