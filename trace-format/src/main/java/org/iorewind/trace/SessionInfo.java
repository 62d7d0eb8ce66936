package org.iorewind.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.SessionStartDecoder;
import org.iorewind.trace.sbe.StartState;

/**
 * What is being recorded, by whom and how completely: the content of the event {@code SessionStart}.
 *
 * @param idHigh high half of the session id
 * @param idLow low half of the session id
 * @param fidelity what a replay can do with the trace
 * @param startState how much of the past the recording knows
 * @param iommuCount number of IOMMUs, 0 to 255
 * @param startUnixNs wall clock at time 0 in ns since 1970-01-01 UTC; 0 if unknown
 * @param mmioBase physical address of the registers of IOMMU 0; 0 if unknown
 * @param extendedFeatures the Extended Feature register, MMIO 0030h; 0 if unknown
 * @param extendedFeatures2 the Extended Feature 2 register, MMIO 01A0h; 0 if unknown
 * @param observes bit n: every observation with template id 32+n is in the trace
 * @param deviceOptions bits {@link #DMA_REMAPPING_OFF}, {@link #INTERRUPT_REMAPPING_OFF} and
 *     {@link #INVALIDATION_RESPONSES_RECORDED}
 * @param profile of the recorded device: {@code spec}, {@code qemu-7.2}, {@code qemu-10.0}, {@code qemu-11.1}
 * @param tool the importer or recorder
 * @param platform what is known of the platform
 * @param contract the completeness contract: what the source can miss, in sentences
 */
public record SessionInfo(
        long idHigh,
        long idLow,
        Fidelity fidelity,
        StartState startState,
        int iommuCount,
        long startUnixNs,
        long mmioBase,
        long extendedFeatures,
        long extendedFeatures2,
        long observes,
        int deviceOptions,
        String profile,
        String tool,
        String platform,
        String contract) {

    /** Template id of the observation that bit 0 of {@link #observes()} stands for. */
    private static final int FIRST_OBSERVATION = 32;

    private static final int OBSERVATIONS = 32;

    /** Bit of {@link #observes()}: every interrupt that the IOMMU raises itself is in the trace. */
    public static final long OBSERVES_OWN_INTERRUPTS = 1L << 63;

    /** Bit of {@link #deviceOptions()}: DMA passes untranslated, whatever the tables say. */
    public static final int DMA_REMAPPING_OFF = 1;

    /** Bit of {@link #deviceOptions()}: interrupts pass unchanged, whatever the tables say. */
    public static final int INTERRUPT_REMAPPING_OFF = 1 << 1;

    /** Bit of {@link #deviceOptions()}: devices answer invalidation requests when events say so, else at once. */
    public static final int INVALIDATION_RESPONSES_RECORDED = 1 << 2;

    /**
     * Reads the event {@code SessionStart}.
     *
     * @throws IllegalArgumentException if the event is of another kind
     */
    public static SessionInfo of(EventView event) {
        if (event.kind() != EventKind.SESSION_START) {
            throw new IllegalArgumentException("not a SessionStart: templateId=" + event.templateId());
        }
        SessionStartDecoder start = new SessionStartDecoder();
        start.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        int options =
                event.buffer().getByte(event.bodyOffset() + SessionStartDecoder.deviceOptionsEncodingOffset()) & 0xFF;
        // Variable data must be read in the schema's order: the decoder moves over it.
        byte[] profile = new byte[start.profileLength()];
        start.getProfile(profile, 0, profile.length);
        byte[] tool = new byte[start.toolLength()];
        start.getTool(tool, 0, tool.length);
        byte[] platform = new byte[start.platformLength()];
        start.getPlatform(platform, 0, platform.length);
        byte[] contract = new byte[start.contractLength()];
        start.getContract(contract, 0, contract.length);
        return new SessionInfo(
                start.sessionIdHigh(),
                start.sessionIdLow(),
                start.fidelity(),
                start.startState(),
                start.iommuCount(),
                start.startUnixNs(),
                start.mmioBase(),
                start.extendedFeatures(),
                start.extendedFeatures2(),
                start.observes(),
                options,
                new String(profile, UTF_8),
                new String(tool, UTF_8),
                new String(platform, UTF_8),
                new String(contract, UTF_8));
    }

    /** The session id as 32 hexadecimal digits. */
    public String sessionId() {
        return sessionId(idHigh, idLow);
    }

    /** A session id given by its halves as 32 hexadecimal digits. */
    public static String sessionId(long idHigh, long idLow) {
        return hex16(idHigh) + hex16(idLow);
    }

    /** Whether every observation of this kind is in the trace; false for kinds that are not observations. */
    public boolean observes(EventKind kind) {
        return (observes & observesBit(kind)) != 0;
    }

    /** The bit of {@link #observes()} that stands for an observation; 0 for kinds that are not observations. */
    public static long observesBit(EventKind kind) {
        int bit = kind.templateId() - FIRST_OBSERVATION;
        return bit >= 0 && bit < OBSERVATIONS ? 1L << bit : 0;
    }

    private static String hex16(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
