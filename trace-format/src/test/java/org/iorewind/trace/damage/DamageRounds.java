package org.iorewind.trace.damage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Rounds of damage by chance. What a round does depends on its number only, so that each can be had again by itself:
 * {@code -Diorewind.damage.first=N -Diorewind.damage.rounds=1}.
 */
public final class DamageRounds {
    private static final long FIRST = Long.getLong("iorewind.damage.first", 0);
    private static final long ROUNDS = Long.getLong("iorewind.damage.rounds", 2000);
    private static final int THREADS = Integer.getInteger("iorewind.damage.threads", 1);
    /** Memory, where the system has such a directory: a million rounds need not wear out a disk. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private DamageRounds() {}

    /** The copies that one thread damages. */
    public interface Bench extends AutoCloseable {
        /**
         * Damages, judges and restores.
         *
         * @param round its number
         * @param random what chance says in this round
         */
        void round(long round, SplittableRandom random) throws IOException;

        /** Fails if something was not restored. */
        @Override
        void close() throws IOException;
    }

    /** Makes a bench in an empty directory. */
    public interface BenchMaker {
        /** Makes one. */
        Bench make(Path directory) throws IOException;
    }

    /** Runs all rounds; the number of the round is in the message of a failure. */
    public static void run(Path temporary, BenchMaker maker) throws IOException {
        Path parent = Files.isWritable(MEMORY) ? MEMORY : temporary;
        Path directory = Files.createTempDirectory(parent, "iorewind-damage");
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> shares = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int share = i;
                Path own = Files.createDirectory(directory.resolve("thread" + i));
                shares.add(threads.submit(() -> {
                    runShare(share, maker, own);
                    return share;
                }));
            }
            for (Future<?> share : shares) {
                share.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
            delete(directory);
        }
    }

    private static void runShare(int share, BenchMaker maker, Path own) throws IOException {
        try (Bench bench = maker.make(own)) {
            for (long round = FIRST + share; round < FIRST + ROUNDS; round += THREADS) {
                try {
                    bench.round(round, new SplittableRandom(round));
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("round " + round + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
