package org.iorewind.samples.workload;

import org.iorewind.model.iommu.Profile;
import org.iorewind.trace.sbe.StartState;

/**
 * The machine that steps happen to, before the first: one IOMMU, and memory of which nothing is known. Others join by
 * {@code IommuStart}.
 *
 * @param profile label of a profile of the model
 * @param startState whether what caches hold is known
 * @param mmioBase physical address of the registers of IOMMU 0; 0 if unknown
 * @param extendedFeatures the Extended Feature register, MMIO 0030h; 0 for that of the profile
 * @param extendedFeatures2 the Extended Feature 2 register, MMIO 01A0h
 * @param deviceOptions bits as in {@link org.iorewind.trace.SessionInfo#deviceOptions()}
 */
public record StepMachine(
        String profile,
        StartState startState,
        long mmioBase,
        long extendedFeatures,
        long extendedFeatures2,
        int deviceOptions) {
    /**
     * Checks the profile.
     *
     * @throws WorkloadException if there is none of that name
     */
    public StepMachine {
        if (Profile.named(profile).isEmpty()) {
            throw new WorkloadException(
                    "expected one of " + Profile.labels() + ", found a profile of " + profile.length() + " characters");
        }
    }
}
