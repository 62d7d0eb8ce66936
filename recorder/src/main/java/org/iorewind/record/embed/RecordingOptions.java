package org.iorewind.record.embed;

import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.intake.BackPressure;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;

/**
 * What a VMM says of the recording that it begins. Immutable: each method returns a copy with one thing changed.
 *
 * <pre>{@code
 * RecordingOptions options = RecordingOptions.of("my-vmm 1.2", "Everything is recorded but the devices' own stores.")
 *         .withRegistersAt(0xFED8_0000L)
 *         .withObservations(EventKind.TRANSLATION);
 * }</pre>
 *
 * @param tool the VMM and its version
 * @param contract the completeness contract, in sentences: what the recording can miss
 * @param platform what is known of the machine
 * @param profile the device that is recorded: {@code spec}, {@code qemu-7.2}, {@code qemu-10.0}, {@code qemu-11.1}
 * @param fidelity what a replay can do: {@code FULL} if every store to tables is told
 * @param startState {@code RESET} if the recording begins when the machine does
 * @param mmioBase where the registers of IOMMU 0 are, 0 if unknown
 * @param extendedFeatures register 0030h of IOMMU 0
 * @param extendedFeatures2 register 01A0h of IOMMU 0
 * @param observes kinds of observations of which none is missing
 * @param deviceOptions bits of {@link SessionInfo#deviceOptions()}
 * @param backPressure what a thread does when events come faster than the disk takes them
 */
public record RecordingOptions(
        String tool,
        String contract,
        String platform,
        String profile,
        Fidelity fidelity,
        StartState startState,
        long mmioBase,
        long extendedFeatures,
        long extendedFeatures2,
        long observes,
        int deviceOptions,
        BackPressure backPressure) {

    /**
     * A recording from power-on with all stores to tables, of a device that follows the specification; threads wait for the
     * disk.
     *
     * @param tool the VMM and its version
     * @param contract what the recording can miss, in sentences
     */
    public static RecordingOptions of(String tool, String contract) {
        return new RecordingOptions(
                tool, contract, "", "spec", Fidelity.FULL, StartState.RESET, 0, 0, 0, 0, 0, BackPressure.BLOCK);
    }

    /** With what is known of the machine. */
    public RecordingOptions withPlatform(String text) {
        return copy(text, profile, fidelity, startState, mmioBase, extendedFeatures, extendedFeatures2, observes);
    }

    /** With the profile of the recorded device. */
    public RecordingOptions withProfile(String name) {
        return copy(platform, name, fidelity, startState, mmioBase, extendedFeatures, extendedFeatures2, observes);
    }

    /** With what a replay can do. */
    public RecordingOptions withFidelity(Fidelity value) {
        return copy(platform, profile, value, startState, mmioBase, extendedFeatures, extendedFeatures2, observes);
    }

    /** With how much of the past the recording knows. */
    public RecordingOptions withStartState(StartState value) {
        return copy(platform, profile, fidelity, value, mmioBase, extendedFeatures, extendedFeatures2, observes);
    }

    /** With the physical address of the registers of IOMMU 0. */
    public RecordingOptions withRegistersAt(long address) {
        return copy(platform, profile, fidelity, startState, address, extendedFeatures, extendedFeatures2, observes);
    }

    /** With the registers 0030h and 01A0h of IOMMU 0. */
    public RecordingOptions withFeatures(long register0030, long register01a0) {
        return copy(platform, profile, fidelity, startState, mmioBase, register0030, register01a0, observes);
    }

    /** With kinds of observations that the VMM records each time they occur: a replay misses them where they are absent. */
    public RecordingOptions withObservations(EventKind... kinds) {
        long bits = 0;
        for (EventKind kind : Set.copyOf(Arrays.asList(kinds))) {
            bits |= SessionInfo.observesBit(kind);
        }
        return copy(platform, profile, fidelity, startState, mmioBase, extendedFeatures, extendedFeatures2, bits);
    }

    /** With what threads do when the disk is slower than they are. */
    public RecordingOptions withBackPressure(BackPressure policy) {
        return new RecordingOptions(
                tool,
                contract,
                platform,
                profile,
                fidelity,
                startState,
                mmioBase,
                extendedFeatures,
                extendedFeatures2,
                observes,
                deviceOptions,
                policy);
    }

    /**
     * The first event of a recording with these options, with an id that no other has.
     *
     * @param startUnixNs the wall clock at time 0, in ns since 1970
     */
    public SessionInfo session(long startUnixNs) {
        UUID id = UUID.randomUUID();
        return new SessionInfo(
                id.getMostSignificantBits(),
                id.getLeastSignificantBits(),
                fidelity,
                startState,
                1,
                startUnixNs,
                mmioBase,
                extendedFeatures,
                extendedFeatures2,
                observes,
                deviceOptions,
                profile,
                tool,
                platform,
                contract);
    }

    private RecordingOptions copy(
            String newPlatform,
            String newProfile,
            Fidelity newFidelity,
            StartState newStartState,
            long newBase,
            long newFeatures,
            long newFeatures2,
            long newObserves) {
        return new RecordingOptions(
                tool,
                contract,
                newPlatform,
                newProfile,
                newFidelity,
                newStartState,
                newBase,
                newFeatures,
                newFeatures2,
                newObserves,
                deviceOptions,
                backPressure);
    }
}
