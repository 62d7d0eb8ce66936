package org.iorewind.cli.command;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.cli.UsageException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.align.ClockAlignment;
import picocli.CommandLine.Option;

/** How the clocks of several traces stand to each other. */
final class AlignOption {
    private static final String OFFSETS = "offset=";
    private static final int NS_DIGITS = 9;
    /** More than 30 years: nobody means it. */
    private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(1_000_000_000L);

    @Option(
            names = "--align",
            paramLabel = "HOW",
            description =
                    "wall (default): by the time of day at their starts. auto: by what they tell of. none: all start"
                            + " together. offset=SECONDS[,SECONDS...]: time 0 of each further TRACE by the first one's clock.")
    private String how = "wall";

    /**
     * Reads the option before anything is opened.
     *
     * @throws UsageException if it cannot be meant for so many traces
     */
    void check(int traces) {
        switch (how) {
            case "wall", "auto", "none" -> {}
            default -> offsets(traces);
        }
    }

    ClockAlignment of(List<TraceReader> traces) {
        return switch (how) {
            case "wall" -> ClockAlignment.wall(traces);
            case "auto" -> ClockAlignment.auto(traces);
            case "none" -> ClockAlignment.none(traces);
            default -> ClockAlignment.offsets(traces, offsets(traces.size()));
        };
    }

    private long[] offsets(int traces) {
        if (!how.startsWith(OFFSETS)) {
            throw new UsageException("--align: expected wall, auto, none or offset=SECONDS, found: " + how);
        }
        List<Long> offsets = new ArrayList<>();
        for (String word : how.substring(OFFSETS.length()).split(",", -1)) {
            offsets.add(nanoseconds(word));
        }
        if (offsets.size() != traces - 1) {
            throw new UsageException("--align: expected an offset for each TRACE but the first, " + (traces - 1)
                    + " in all, found: " + offsets.size());
        }
        return offsets.stream().mapToLong(Long::longValue).toArray();
    }

    private static long nanoseconds(String word) {
        try {
            // of the digits there is no end otherwise: 1e999999999
            BigDecimal seconds = word.length() > 40 ? MOST_SECONDS.add(BigDecimal.ONE) : new BigDecimal(word);
            if (Math.abs((long) seconds.precision() - seconds.scale()) <= 10
                    && seconds.abs().compareTo(MOST_SECONDS) <= 0) {
                return seconds.setScale(NS_DIGITS, RoundingMode.HALF_UP)
                        .unscaledValue()
                        .longValueExact();
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // said below
        }
        throw new UsageException("--align: expected seconds such as offset=-13.694, found: " + word);
    }
}
