package org.iorewind.cli.bisect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.output.ScratchFolder;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.bisect.StateHashes.Comparison;
import org.iorewind.trace.TraceReader;

/**
 * Another build of this program, which is asked for hashes of its states, coarse ones first, and finer ones from where they part.
 *
 * <pre>
 *   this build ──▶ OTHER index TRACE --hashes F --from A --to B --every N ──▶ F ──▶ compared ──▶ A, B, N / 64 ──▶ … ──▶ one event
 * </pre>
 */
public final class OtherBuild {
    /** So many hashes at once. */
    private static final long AT_ONCE = 64;

    private static final long FIRST_EVERY = 65_536;
    /** Each makes the range smaller; of 2^63 events eleven would do. */
    private static final int MOST_ROUNDS = 64;

    private static final int LONGEST_SAID = 400;

    private final Path program;
    private final Path trace;
    private final String profile;

    /**
     * A build.
     *
     * @param program its launcher
     * @param trace that both read
     * @param profile for both, or empty for the trace's own
     */
    public OtherBuild(Path program, Path trace, String profile) {
        this.program = program;
        this.trace = trace;
        this.profile = profile;
    }

    /**
     * Finds the first event that leads to another state.
     *
     * @param reader of the trace
     * @param options of this build's replays
     * @throws IOException if the program cannot be started
     * @throws UsageException if it fails, or gives something else than hashes of this trace
     */
    public HashResult search(TraceReader reader, ReplayOptions options) throws IOException {
        try (ScratchFolder folder = ScratchFolder.make(null)) {
            Path file = folder.path().resolve("hashes.txt");
            long from = 0;
            long to = Long.MAX_VALUE - 1;
            long every = FIRST_EVERY;
            for (int round = 0; round < MOST_ROUNDS; round++) {
                HashResult found = HashResult.compare(reader, options, hashes(file, from, to, every));
                Comparison states = found.comparison();
                if (states.firstUnlike() < 0 || found.event() != null) {
                    return found;
                }
                from = from(states);
                to = states.firstUnlike();
                every = every(states);
            }
            throw new UsageException("--build: expected " + program + " to give the same hashes whenever it is asked");
        } catch (IllegalArgumentException e) {
            throw new UsageException("--build: " + program + ": " + e.getMessage());
        }
    }

    /** Where finer hashes begin: with the state that was alike, so that it is known to be. */
    public static long from(Comparison states) {
        return Math.max(0, states.lastAlike());
    }

    /** How many events lie between finer hashes. */
    public static long every(Comparison states) {
        return Math.max(1, (states.firstUnlike() - from(states)) / AT_ONCE);
    }

    private List<String> hashes(Path file, long from, long to, long every) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "index",
                trace.toString(),
                "--hashes",
                file.toString(),
                "--from",
                Long.toString(from),
                "--to",
                Long.toString(to),
                "--every",
                Long.toString(every),
                "--force"));
        if (!profile.isEmpty()) {
            command.addAll(List.of("--profile", profile));
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        int code = end(process);
        if (code != 0 || !Files.exists(file)) {
            throw new UsageException("--build: expected " + program + " to write hashes, and to exit with 0; found "
                    + (code == 0 ? "no hashes" : "exit code " + code)
                    + "; it must be a build that has index --hashes. It said: " + PlainText.clip(said, LONGEST_SAID));
        }
        return Files.readAllLines(file);
    }

    private static int end(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the other build ran", e);
        }
    }
}
