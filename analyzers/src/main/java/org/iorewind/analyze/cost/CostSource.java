package org.iorewind.analyze.cost;

import java.util.Comparator;

/**
 * Something that costs are made by.
 *
 * @param part which kind of thing
 * @param name of it
 */
public record CostSource(Part part, String name) implements Comparable<CostSource> {
    private static final Comparator<CostSource> ORDER =
            Comparator.comparing(CostSource::part).thenComparing(CostSource::name);

    /** Kinds of things, and what is counted of each. */
    public enum Part {
        /** A kind of command; how many were taken. */
        COMMAND("command", "commands"),
        /** A level of a table; entries that were read. */
        WALK("walk", "reads"),
        /** A cache; look-ups that found nothing. */
        CACHE("cache", "misses"),
        /** A device; entries that were read for its requests. */
        DEVICE("device", "reads"),
        /** A call of a driver, a VMM or a host, inside the operation or the operation itself; how often. */
        CALL("call", "calls");

        private final String key;
        private final String unit;

        Part(String key, String unit) {
            this.key = key;
            this.unit = unit;
        }

        /** Name in JSON. */
        public String key() {
            return key;
        }

        /** What is counted, for people. */
        public String unit() {
            return unit;
        }
    }

    @Override
    public int compareTo(CostSource other) {
        return ORDER.compare(this, other);
    }
}
