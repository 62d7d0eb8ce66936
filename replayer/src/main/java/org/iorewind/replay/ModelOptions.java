package org.iorewind.replay;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.iorewind.model.iommu.InvalidationPolicy;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.cache.WalkCacheGeometry;

/**
 * Options of the model that a replay runs with instead of those that the recording asks for: what if the IOTLB were larger?
 * Written {@code name=value}. Immutable.
 *
 * <pre>
 *   iotlb.entries    entries of the IOTLB in sets of four (a power of two)      iotlb.ways   entries of a set, with iotlb.sets
 *   iotlb.sets       sets of the IOTLB                                          walk.caches  on, off
 *   dte.cache        entries of the device table cache, 0 for none              prefetch     on, off
 *   irte.cache       entries of the interrupt table cache, 0 for none           npcache      on, off
 *   invalidations.delay   longest delay of invalidations in inputs, 0 for none  efr, efr2    the feature registers
 * </pre>
 */
public final class ModelOptions {
    /** As recorded. */
    public static final ModelOptions NONE = new ModelOptions(new TreeMap<>());

    private static final int USUAL_WAYS = 4;
    private static final int USUAL_SETS = 64;
    private static final String WAYS = "iotlb.ways";
    private static final String SETS = "iotlb.sets";

    private static final Map<String, BiConsumer<IommuOptions.Builder, Long>> APPLIERS = new TreeMap<>(Map.of(
            "iotlb.entries",
            (options, value) -> options.tlb(entriesToSets(value), (int) Math.min(USUAL_WAYS, value)),
            "walk.caches",
            (options, value) -> options.walkCaches(value == 0 ? WalkCacheGeometry.OFF : WalkCacheGeometry.MODEST),
            "dte.cache",
            (options, value) -> options.deviceEntryCache(Math.toIntExact(value)),
            "irte.cache",
            (options, value) -> options.interruptCache(Math.toIntExact(value)),
            "prefetch",
            (options, value) -> options.prefetch(value != 0),
            "npcache",
            (options, value) -> options.notPresentCached(value != 0),
            "invalidations.delay",
            (options, value) -> options.invalidations(
                    value == 0
                            ? InvalidationPolicy.immediate()
                            : InvalidationPolicy.delayed(1, Math.toIntExact(value))),
            "efr",
            IommuOptions.Builder::extendedFeatures,
            "efr2",
            IommuOptions.Builder::extendedFeatures2));

    private final SortedMap<String, Long> values;

    private ModelOptions(SortedMap<String, Long> values) {
        this.values = values;
    }

    /**
     * Reads options.
     *
     * @param texts each {@code name=value}; of several with a name the last one counts
     * @throws IllegalArgumentException if one is not known, or its value is not possible; the message says what is
     */
    public static ModelOptions of(List<String> texts) {
        SortedMap<String, Long> values = new TreeMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            String name = equals < 0 ? text : text.substring(0, equals);
            if (equals < 0 || !names().contains(name)) {
                throw new IllegalArgumentException(
                        "expected NAME=VALUE with a name of " + String.join(", ", names()) + "; found: " + text);
            }
            values.put(name, value(text, text.substring(equals + 1)));
        }
        ModelOptions options = new ModelOptions(values);
        options.applyTo(IommuOptions.of(org.iorewind.model.iommu.Profile.SPEC).toBuilder());
        return options;
    }

    /** The names that there are. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(APPLIERS.keySet());
        names.add(SETS);
        names.add(WAYS);
        Collections.sort(names);
        return names;
    }

    /** Whether nothing differs from the recording. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** The options as {@link #of} reads them, in the order of their names. */
    public List<String> texts() {
        List<String> texts = new ArrayList<>();
        values.forEach((name, value) -> texts.add(name + "=" + (value < 0 ? Words.hex(value) : value.toString())));
        return texts;
    }

    void applyTo(IommuOptions.Builder options) {
        values.forEach((name, value) -> {
            BiConsumer<IommuOptions.Builder, Long> applier = APPLIERS.get(name);
            if (applier != null) {
                try {
                    applier.accept(options, value);
                } catch (ArithmeticException e) {
                    throw new IllegalArgumentException(name + ": expected a smaller number, found " + value, e);
                }
            }
        });
        if (values.containsKey(SETS) || values.containsKey(WAYS)) {
            int sets = Math.toIntExact(values.getOrDefault(SETS, (long) USUAL_SETS));
            options.tlb(sets, Math.toIntExact(values.getOrDefault(WAYS, (long) USUAL_WAYS)));
        }
    }

    private static int entriesToSets(long entries) {
        return Math.toIntExact(Math.max(1, entries / USUAL_WAYS));
    }

    private static long value(String text, String value) {
        if (value.equals("on")) {
            return 1;
        }
        if (value.equals("off")) {
            return 0;
        }
        try {
            return value.startsWith("0x") ? Long.parseUnsignedLong(value.substring(2), 16) : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a number, on or off after '=', found: " + text, e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelOptions options && options.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return String.join(" ", texts());
    }
}
