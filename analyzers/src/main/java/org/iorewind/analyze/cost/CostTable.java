package org.iorewind.analyze.cost;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.iorewind.model.platform.CallNames;
import org.jspecify.annotations.Nullable;

/** Counts of a whole trace, by operation and by workload. Not thread-safe. */
public final class CostTable {
    /** A request of a device that missed the cache of translations. */
    public static final String MISS = "miss";
    /** A request of a device that hit. */
    public static final String HIT = "hit";
    /** What happened outside of all operations. */
    public static final String OTHER = "other";
    /** Before the name of an operation of the host's, for itself. */
    public static final String HOST_PREFIX = "host ";

    /** So many names a trace may have; the rest counts as {@link #OTHER}. */
    static final int MOST_NAMES = 512;

    private static final List<String> USUAL_ORDER = List.of(
            CallNames.MAP,
            CallNames.UNMAP,
            CallNames.FLUSH,
            CallNames.ATTACH,
            CallNames.DETACH,
            CallNames.FAULT,
            CallNames.PAGE_REQUEST,
            MISS,
            HIT);

    private final SortedMap<String, CostRow> operations = new TreeMap<>();
    private final SortedMap<String, CostRow> workloads = new TreeMap<>();

    /** Most events belong to the operation of the one before. */
    private String lastName = OTHER;

    private @Nullable CostRow lastOperation;

    CostTable() {}

    CostRow operation(String name) {
        @Nullable CostRow last = lastOperation;
        if (last != null && name.equals(lastName)) {
            return last;
        }
        CostRow row = row(operations, name);
        lastName = name;
        lastOperation = row;
        return row;
    }

    CostRow workload(String name) {
        return row(workloads, name);
    }

    private static CostRow row(SortedMap<String, CostRow> rows, String name) {
        boolean isTooMany = rows.size() >= MOST_NAMES && !rows.containsKey(name);
        return rows.computeIfAbsent(isTooMany ? OTHER : name, key -> new CostRow());
    }

    /** Counts by operation. */
    public SortedMap<String, CostRow> operations() {
        return Collections.unmodifiableSortedMap(operations);
    }

    /** Counts by phase of the workload. */
    public SortedMap<String, CostRow> workloads() {
        return Collections.unmodifiableSortedMap(workloads);
    }

    /** Counts of an operation, or null if there was none. */
    public @Nullable CostRow find(String operation) {
        return operations.get(operation);
    }

    /** Operations of all tables: the usual ones first, then the others by name, what was outside of all last. */
    public static List<String> order(List<CostTable> tables) {
        SortedSet<String> names = new TreeSet<>();
        tables.forEach(table -> names.addAll(table.operations.keySet()));
        List<String> ordered = new ArrayList<>(USUAL_ORDER);
        ordered.retainAll(names);
        names.removeAll(ordered);
        boolean hasOther = names.remove(OTHER);
        ordered.addAll(names);
        if (hasOther) {
            ordered.add(OTHER);
        }
        return ordered;
    }

    /** Workloads of all tables by name. */
    public static List<String> workloads(List<CostTable> tables) {
        SortedSet<String> names = new TreeSet<>();
        tables.forEach(table -> names.addAll(table.workloads.keySet()));
        return List.copyOf(names);
    }
}
