package org.iorewind.analyze.rule;

/** How much a recording has to hold for a rule, the least first. */
public enum Fidelity {
    /** Faults are enough. */
    LOG,
    /** Registers, requests and answers, no memory. */
    OBSERVED,
    /** Memory of tables and rings too. */
    FULL;

    /** Of a replay: what it really could do. */
    public static Fidelity of(String label) {
        return switch (label) {
            case "full" -> FULL;
            case "observed" -> OBSERVED;
            default -> LOG;
        };
    }

    /** As in reports. */
    public String label() {
        return switch (this) {
            case LOG -> "log";
            case OBSERVED -> "observed";
            case FULL -> "full";
        };
    }
}
