package org.iorewind.model.qemu;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what the two machines agreed on, so that a suite that compares nothing is noticed. */
final class Coverage {
    private final SortedMap<String, Integer> counts = new TreeMap<>();

    /** Counts one. */
    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    /** Counts what was predicted and seen. */
    void countAll(List<Witness> predicted) {
        for (Witness witness : predicted) {
            count(nameOf(witness));
        }
    }

    private static String nameOf(Witness witness) {
        return switch (witness.kind()) {
            case TRANSLATION ->
                (witness.b() == Witness.ANY ? "refused" : "granted") + (witness.c() == 1 ? " by the IOTLB" : "");
            case INTERRUPT_ASKED -> witness.c() == 1 ? "interrupt let through" : "interrupt refused";
            case INTERRUPT_SENT -> "interrupt compared";
            case REGISTER -> "register read";
            case COMMAND -> "command";
            case OWN_INTERRUPT -> "own interrupt";
            case MEMORY -> "memory";
        };
    }

    /** How often each thing was counted, by its name. */
    SortedMap<String, Integer> counts() {
        return counts;
    }
}
