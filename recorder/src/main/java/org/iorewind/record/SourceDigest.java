package org.iorewind.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The session id of an import: a digest of what was imported, so that the same recording is the same session, whatever its
 * file is called and however it is compressed. Not thread-safe.
 */
public final class SourceDigest {
    private final MessageDigest sha;

    /** A digest of nothing so far. */
    public SourceDigest() {
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Adds a line of text. */
    public void line(String text) {
        sha.update(text.getBytes(UTF_8));
        sha.update((byte) '\n');
    }

    /** Adds bytes. */
    public void bytes(byte[] bytes, int offset, int length) {
        sha.update(bytes, offset, length);
    }

    /** The id's high and low half; nothing can be added afterwards. */
    public long[] halves() {
        ByteBuffer digest = ByteBuffer.wrap(sha.digest());
        return new long[] {digest.getLong(), digest.getLong()};
    }
}
