package org.iorewind.trace;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.iorewind.trace.sbe.IommuStartDecoder;

/**
 * What an IOMMU is that joins a session: the content of the event {@code IommuStart}.
 *
 * @param extendedFeatures the Extended Feature register, MMIO 0030h
 * @param extendedFeatures2 the Extended Feature 2 register, MMIO 01A0h
 * @param options bits {@link #NOT_PRESENT_CACHED} and the following
 * @param memoryBase system physical address of what the IOMMU sees as address 0
 * @param memoryBytes size of what it sees; 0 for all of system memory
 * @param profile of the device, as in {@link SessionInfo#profile()}
 */
public record IommuInfo(
        long extendedFeatures, long extendedFeatures2, int options, long memoryBase, long memoryBytes, String profile) {
    /** Bit of {@link #options()}: NpCache of the capability header. */
    public static final int NOT_PRESENT_CACHED = 1;

    /** Bit of {@link #options()}: events of guests of a hardware vIOMMU go to the host's log. */
    public static final int EVENTS_TO_HOST_FIRST = 1 << 1;

    /** Bit of {@link #options()}: DMA passes untranslated, whatever the tables say. */
    public static final int DMA_REMAPPING_OFF = 1 << 2;

    /** Bit of {@link #options()}: interrupts pass unchanged, whatever the tables say. */
    public static final int INTERRUPT_REMAPPING_OFF = 1 << 3;

    /** Bit of {@link #options()}: devices answer invalidation requests when events say so, else at once. */
    public static final int INVALIDATION_RESPONSES_RECORDED = 1 << 4;

    /**
     * Reads the event {@code IommuStart}.
     *
     * @throws IllegalArgumentException if the event is of another kind
     */
    public static IommuInfo of(EventView event) {
        if (event.kind() != EventKind.IOMMU_START) {
            throw new IllegalArgumentException("not an IommuStart: templateId=" + event.templateId());
        }
        IommuStartDecoder start = new IommuStartDecoder();
        start.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        int options =
                event.buffer().getShort(event.bodyOffset() + IommuStartDecoder.optionsEncodingOffset(), LITTLE_ENDIAN)
                        & 0xFFFF;
        byte[] profile = new byte[start.profileLength()];
        start.getProfile(profile, 0, profile.length);
        return new IommuInfo(
                start.extendedFeatures(),
                start.extendedFeatures2(),
                options,
                start.memoryBase(),
                start.memoryBytes(),
                new String(profile, UTF_8));
    }

    /** Whether a bit of {@link #options()} is set. */
    public boolean has(int option) {
        return (options & option) != 0;
    }
}
