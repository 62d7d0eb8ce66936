package org.iorewind.record.live;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceStoreException;

/**
 * A named pipe. Who opens one end waits for the other; a held pipe has both, so that nobody waits, and its reader sees the
 * end only when the holder has let go too.
 */
final class NamedPipe implements AutoCloseable {
    private static final long LONGEST_S = 10;

    private final RandomAccessFile ends;

    private NamedPipe(RandomAccessFile ends) {
        this.ends = ends;
    }

    /**
     * Makes one; Java has no call for that.
     *
     * @throws TraceStoreException if it cannot be made
     */
    static void make(Path path) throws InterruptedException {
        String found;
        try {
            Process process = new ProcessBuilder("mkfifo", "-m", "600", path.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor(LONGEST_S, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return;
            }
            found = said.strip();
        } catch (IOException e) {
            found = PlainReason.of(e);
        }
        throw new TraceStoreException(
                path.toString(), "", "a named pipe, made with mkfifo", found, "choose another folder with --scratch");
    }

    /** Holds both ends. */
    static NamedPipe hold(Path path) throws IOException {
        return new NamedPipe(new RandomAccessFile(path.toFile(), "rw"));
    }

    /** Lets go. Idempotent. */
    void letGo() throws IOException {
        ends.close();
    }

    @Override
    public void close() throws IOException {
        letGo();
    }
}
