package org.iorewind.replay.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.iorewind.model.StateHasher;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/**
 * Answers about a whole trace, kept in {@code TRACE.history} beside it by the rules of checkpoints: it may be removed at any time, and
 * is made anew when it is of another recording, model or options. What cannot be read or written is as if it were not there.
 * Not thread-safe.
 */
public final class AnswerCache implements AutoCloseable {
    private static final String SUFFIX = ".history";
    private static final long MOST_BYTES = 64L << 20;

    private final CheckpointShelf shelf;

    private AnswerCache(CheckpointShelf shelf) {
        this.shelf = shelf;
    }

    /** A place for nothing. */
    public static AnswerCache none() {
        return new AnswerCache(CheckpointShelf.NONE);
    }

    /** The answers about a trace under these options. */
    public static AnswerCache of(TraceReader trace, ReplayOptions options) {
        Path named = trace.path().toAbsolutePath().normalize();
        Path file = named.resolveSibling(named.getFileName() + SUFFIX);
        return new AnswerCache(CheckpointFile.open(file, CheckpointKey.of(trace.session(), options), MOST_BYTES));
    }

    /** The answer to a question; null if it is not known. */
    public byte @Nullable [] find(String question) {
        byte[] found = shelf.read(key(question));
        byte[] asked = question.getBytes(StandardCharsets.UTF_8);
        if (found == null || found.length < Integer.BYTES + asked.length) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(found).order(ByteOrder.LITTLE_ENDIAN);
        boolean isThis = bytes.getInt() == asked.length
                && Arrays.equals(found, Integer.BYTES, Integer.BYTES + asked.length, asked, 0, asked.length);
        return isThis ? Arrays.copyOfRange(found, Integer.BYTES + asked.length, found.length) : null;
    }

    /** Keeps an answer; only of a trace that has come to its end. */
    public void keep(String question, byte[] answer) {
        byte[] asked = question.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + asked.length + answer.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(asked.length).put(asked).put(answer);
        shelf.write(key(question), bytes.array());
    }

    private static long key(String question) {
        StateHasher hasher = new StateHasher();
        byte[] bytes = question.getBytes(StandardCharsets.UTF_8);
        hasher.addBytes(bytes, 0, bytes.length);
        return hasher.value() >>> 1;
    }

    @Override
    public void close() {
        shelf.close();
    }
}
