package org.iorewind.model.iommu.quirk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The list of known deviations of QEMU's device, from {@code deviations.tsv}. Immutable; safe for any thread. */
public final class KnownDeviations {
    private static final String RESOURCE = "/org/iorewind/model/deviations.tsv";
    private static final int COLUMNS = 6;

    private final List<Deviation> all;

    private KnownDeviations(List<Deviation> all) {
        this.all = all;
    }

    /** What the model does about a deviation. */
    public enum Treatment {
        /** The profile behaves like the device. */
        MODELLED("modelled"),
        /** Only appearances differ; replay does not depend on it. */
        COSMETIC("cosmetic"),
        /** Known, but the profile does not do it. */
        NOT_MODELLED("not-modelled");

        private final String label;

        Treatment(String label) {
            this.label = label;
        }

        /** The word in the table. */
        public String label() {
            return label;
        }

        private static Treatment named(String label) {
            for (Treatment treatment : values()) {
                if (treatment.label.equals(label)) {
                    return treatment;
                }
            }
            throw new IllegalStateException(
                    "deviations.tsv: expected modelled, cosmetic or not-modelled, found " + label);
        }
    }

    /**
     * One deviation.
     *
     * @param id such as {@code Q-IOTLB-1}
     * @param versions of QEMU, such as {@code 7.2 10.0}
     * @param area of the device
     * @param treatment what the model does about it
     * @param quirk simple name of the class that does it; empty when none does
     * @param text the behaviour
     */
    public record Deviation(
            String id, List<String> versions, String area, Treatment treatment, Optional<String> quirk, String text) {}

    /**
     * Reads the list.
     *
     * @throws IllegalStateException when it is broken
     * @throws UncheckedIOException when it cannot be read
     */
    public static KnownDeviations load() {
        InputStream resource = KnownDeviations.class.getResourceAsStream(RESOURCE);
        return read(Objects.requireNonNull(resource, RESOURCE));
    }

    /** Reads the list from a stream, and closes it. */
    static KnownDeviations read(InputStream resource) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            List<Deviation> rows = new ArrayList<>();
            reader.lines().skip(1).map(KnownDeviations::parse).forEach(rows::add);
            return new KnownDeviations(List.copyOf(rows));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Deviation parse(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != COLUMNS) {
            throw new IllegalStateException(
                    "deviations.tsv: expected " + COLUMNS + " cells, found " + cells.length + " in: " + line);
        }
        Optional<String> quirk = cells[4].equals("-") ? Optional.empty() : Optional.of(cells[4]);
        return new Deviation(
                cells[0], List.of(cells[1].split(" ")), cells[2], Treatment.named(cells[3]), quirk, cells[5]);
    }

    /** All rows, in the order of the table. */
    public List<Deviation> all() {
        return all;
    }

    /** The row with this id. */
    public Optional<Deviation> withId(String id) {
        return all.stream().filter(row -> row.id().equals(id)).findFirst();
    }
}
