package org.iorewind.replay;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.iorewind.model.StateHasher;
import org.iorewind.model.iommu.DeviceAnswers;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.memory.SparseMemory;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.UnsupportedTraceException;
import org.iorewind.trace.sbe.StartState;

/** What is being replayed: one IOMMU and the memory it sees. Not thread-safe. */
public final class Machine {
    private final SessionInfo session;
    private final SparseMemory memory;
    private final Iommu iommu;

    private Machine(SessionInfo session, SparseMemory memory, Iommu iommu) {
        this.session = session;
        this.memory = memory;
        this.iommu = iommu;
    }

    /**
     * A machine in the state that the session starts from.
     *
     * @param session what the trace says of itself
     * @param profileLabel the profile to run under, or empty for the trace's own
     * @param source name of the trace, for messages
     * @param effects hears what the model does
     * @throws UnsupportedTraceException if there is no such profile
     */
    public static Machine start(SessionInfo session, String profileLabel, String source, EffectSink effects) {
        String label = profileLabel.isEmpty() ? session.profile() : profileLabel;
        Profile profile = Profile.named(label)
                .orElseThrow(() -> new UnsupportedTraceException(
                        source, "profile", "one of " + labels(), label, "name one with --profile"));
        IommuOptions.Builder options = IommuOptions.of(profile).toBuilder();
        if (session.extendedFeatures() != 0) {
            options.extendedFeatures(session.extendedFeatures());
            options.extendedFeatures2(session.extendedFeatures2());
        }
        if ((session.deviceOptions() & SessionInfo.DMA_REMAPPING_OFF) != 0) {
            options.dmaRemappingOff();
        }
        options.interruptRemapping((session.deviceOptions() & SessionInfo.INTERRUPT_REMAPPING_OFF) == 0);
        if ((session.deviceOptions() & SessionInfo.INVALIDATION_RESPONSES_RECORDED) != 0) {
            options.deviceAnswers(DeviceAnswers.AS_INPUT);
        }
        SparseMemory memory = SparseMemory.recordedOnly();
        return new Machine(session, memory, new Iommu(options.build(), memory, effects));
    }

    private static String labels() {
        return Arrays.stream(Profile.values()).map(Profile::label).collect(Collectors.joining(", "));
    }

    /** What the trace says of itself. */
    public SessionInfo session() {
        return session;
    }

    /** Memory as far as the recording knows it, with the IOMMU's own stores. */
    public SparseMemory memory() {
        return memory;
    }

    /** The IOMMU. */
    public Iommu iommu() {
        return iommu;
    }

    /** Label of the profile the model runs under. */
    public String profile() {
        return iommu.options().profile().label();
    }

    /** Whether the caches' content is known: not when the recorder joined a running system. */
    public boolean cachesKnown() {
        return session.startState() == StartState.RESET;
    }

    /** Hash of registers, caches and memory. */
    public long stateHash() {
        StateHasher hasher = new StateHasher();
        iommu.saveTo(hasher);
        memory.hashInto(hasher);
        return hasher.value();
    }
}
