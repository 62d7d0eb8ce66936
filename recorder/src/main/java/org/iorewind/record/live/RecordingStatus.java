package org.iorewind.record.live;

/**
 * How a recording stands.
 *
 * @param elapsedNs since its start
 * @param events written
 * @param bytes of them, before compression
 * @param lines received from QEMU
 * @param eventsPerSecond in the time since the last look
 * @param lagNs how far the writing is behind QEMU
 * @param waitingLines received and not written yet
 * @param gaps places where something is missing
 * @param lateReadings readings of memory that came too late
 * @param freeBytes left on the disk of the trace; -1 if unknown
 */
public record RecordingStatus(
        long elapsedNs,
        long events,
        long bytes,
        long lines,
        long eventsPerSecond,
        long lagNs,
        long waitingLines,
        long gaps,
        long lateReadings,
        long freeBytes) {}
