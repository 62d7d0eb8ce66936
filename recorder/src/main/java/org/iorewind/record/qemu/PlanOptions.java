package org.iorewind.record.qemu;

/**
 * What the user wants of a recording.
 *
 * @param fidelity how much of memory
 * @param interrupts whether the interrupt requests of devices are recorded too: half of all lines
 */
public record PlanOptions(WantedFidelity fidelity, boolean interrupts) {
    /** How much of memory is wanted. */
    public enum WantedFidelity {
        /** As much as this QEMU and command line allow. */
        AUTO,
        /** The tables, or nothing. */
        FULL,
        /** Without memory: nothing but trace lines. */
        OBSERVED
    }
}
