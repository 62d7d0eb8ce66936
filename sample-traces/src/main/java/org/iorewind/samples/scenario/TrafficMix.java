package org.iorewind.samples.scenario;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * How large buffers are, how many requests go to each, and where the next one goes: as often as in the captures. The numbers are in
 * {@code mix.tsv}, which says where they come from. Immutable.
 */
final class TrafficMix {
    private static final String FILE = "mix.tsv";
    private static final TrafficMix OF_CAPTURES = read();
    private static final int FAR = 2;
    private static final int HALVES = 2;

    /** Values and how often each is taken. */
    private static final class Histogram {
        private final List<Long> values = new ArrayList<>();
        private final List<Long> upTo = new ArrayList<>();
        private long total;

        void add(long value, long count) {
            total += count;
            values.add(value);
            upTo.add(total);
        }

        long draw(Random random) {
            long at = Math.floorMod(random.nextLong(), total);
            int i = 0;
            while (upTo.get(i) <= at) {
                i++;
            }
            return values.get(i);
        }
    }

    private final Histogram pages = new Histogram();
    private final Histogram requests = new Histogram();
    private final Histogram steps = new Histogram();

    private TrafficMix() {}

    /** That of the captures. */
    static TrafficMix ofCaptures() {
        return OF_CAPTURES;
    }

    private static TrafficMix read() {
        InputStream table = Objects.requireNonNull(TrafficMix.class.getResourceAsStream(FILE));
        TrafficMix mix = new TrafficMix();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(mix::add);
            return mix;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String line) {
        List<String> cells = List.of(line.split("\t", -1));
        Histogram histogram = switch (cells.get(0)) {
            case "pages" -> pages;
            case "requests" -> requests;
            case "step" -> steps;
            default -> throw new IllegalStateException(FILE + ": a line that is none: " + line);
        };
        histogram.add(Long.parseLong(cells.get(1)), Long.parseLong(cells.get(2)));
    }

    /** Pages of a buffer: at least a power of two, and evenly up to the next one. */
    long pages(Random random) {
        return upwards(pages, random);
    }

    /** Requests to a buffer, likewise. */
    long requests(Random random) {
        return upwards(requests, random);
    }

    private static long upwards(Histogram histogram, Random random) {
        long least = histogram.draw(random);
        return least + Math.floorMod(random.nextLong(), least);
    }

    /** Pages from one request to the next: 0, 1, or anywhere in the buffer. */
    long step(Random random, long ofPages) {
        long step = steps.draw(random);
        return step == FAR ? Math.floorMod(random.nextLong(), ofPages) : step;
    }

    /** Captures do not tell reads from writes: each is as likely. */
    boolean isWrite(Random random) {
        return random.nextInt(HALVES) == 0;
    }
}
