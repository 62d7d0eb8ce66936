package org.iorewind.record.qemulog;

/**
 * What a log carries, and which QEMU writes it. An importer learns it from a first pass over the files; who starts QEMU
 * knows it before the first line.
 *
 * @param lines in all; 0 if not known yet
 * @param memoryRecorded the plug-in's memory lines are there: every store to a table is recorded
 * @param annotated a recorder read memory beside the lines
 * @param interruptEntriesRead that recorder read the entries of interrupt tables too
 * @param hasEvents the log has lines of the device model, not only memory lines
 * @param attached the recorder joined a running system and left its state at the top
 * @param qtest a transcript of the qtest oracle
 * @param writesHaveValues register writes have lines and values of their own (QEMU 10.2 and later)
 * @param ownInterrupts the IOMMU's own interrupts are logged (QEMU 11)
 * @param interruptRequests the interrupt requests of devices are logged
 * @param deviceOptions bits of {@code SessionStart.deviceOptions}; a plain log does not tell, and none is set then
 * @param startUnixNs wall clock of the first stamped line, or 0
 * @param profile label of the profile that fits best
 * @param sessionIdHigh session id, high half; of a log derived from its text, so that the same log gives the same session
 * @param sessionIdLow its low half
 */
public record LogFacts(
        long lines,
        boolean memoryRecorded,
        boolean annotated,
        boolean interruptEntriesRead,
        boolean hasEvents,
        boolean attached,
        boolean qtest,
        boolean writesHaveValues,
        boolean ownInterrupts,
        boolean interruptRequests,
        int deviceOptions,
        long startUnixNs,
        String profile,
        long sessionIdHigh,
        long sessionIdLow) {}
