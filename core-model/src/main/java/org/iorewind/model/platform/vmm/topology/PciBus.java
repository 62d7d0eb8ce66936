package org.iorewind.model.platform.vmm.topology;

import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A bus while a topology is planned: what stands on it, by device and function number. Not thread-safe. */
final class PciBus {
    /** What a bus is part of. */
    enum Kind {
        /** The machine's own root bus. */
        ROOT,
        /** The root bus of an expander bridge. */
        EXPANDER,
        /** Below a port. */
        PORT,
        /** Inside of a switch. */
        SWITCH,
        /** Below a bridge to conventional PCI. */
        CONVENTIONAL;

        boolean isRoot() {
            return this == ROOT || this == EXPANDER;
        }
    }

    private final String name;
    private final Kind kind;
    private final @Nullable PciBus parent;
    private final TreeMap<Integer, PlacedFunction> functions = new TreeMap<>();
    private int number;
    private int lastNumber;

    /**
     * A bus without anything on it.
     *
     * @param name by which options name it
     * @param kind what it is part of
     * @param parent the bus of its bridge, or null for a root bus
     * @param number of a root bus; others get theirs later
     */
    PciBus(String name, Kind kind, @Nullable PciBus parent, int number) {
        this.name = name;
        this.kind = kind;
        this.parent = parent;
        this.number = number;
    }

    String name() {
        return name;
    }

    Kind kind() {
        return kind;
    }

    int number() {
        return number;
    }

    /** Highest number of a bus below this one, its own if there is none. */
    int lastNumber() {
        return lastNumber;
    }

    /** The root bus that this bus is below, itself if it is one. */
    PciBus root() {
        return parent == null ? this : parent.root();
    }

    boolean isEmpty() {
        return functions.isEmpty();
    }

    Collection<PlacedFunction> functions() {
        return functions.values();
    }

    Optional<PlacedFunction> at(int device, int function) {
        return Optional.ofNullable(functions.get(key(device, function)));
    }

    void put(PlacedFunction placed) {
        functions.put(key(placed.device(), placed.function()), placed);
    }

    /** Gives numbers to the buses below in the order a firmware finds them, and returns the last one. */
    int numberBusesBelow() {
        lastNumber = number;
        for (PlacedFunction placed : functions.values()) {
            Optional<PciBus> secondary = placed.secondary();
            if (secondary.isPresent() && !secondary.get().kind.isRoot()) {
                secondary.get().number = lastNumber + 1;
                lastNumber = secondary.get().numberBusesBelow();
            }
        }
        return lastNumber;
    }

    private static int key(int device, int function) {
        return device * PciAddress.FUNCTIONS + function;
    }
}
