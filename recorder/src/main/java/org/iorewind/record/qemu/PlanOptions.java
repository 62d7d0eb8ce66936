package org.iorewind.record.qemu;

/**
 * What the user wants of a recording.
 *
 * @param fidelity how much of memory
 * @param way how lines leave QEMU
 * @param interrupts whether the interrupt requests of devices are recorded too: half of all lines
 */
public record PlanOptions(WantedFidelity fidelity, WantedWay way, boolean interrupts) {
    /** How much of memory is wanted. */
    public enum WantedFidelity {
        /** As much as this QEMU and command line allow. */
        AUTO,
        /** The tables, or nothing. */
        FULL,
        /** Without memory: nothing but trace lines. */
        OBSERVED
    }

    /** How lines are to leave QEMU. */
    public enum WantedWay {
        /** The tap if the library takes hold in this QEMU, else the pipe. */
        AUTO,
        /** A library inside QEMU. */
        TAP,
        /** The same, as a plug-in as well. */
        PLUGIN,
        /** A named pipe. */
        FIFO
    }
}
