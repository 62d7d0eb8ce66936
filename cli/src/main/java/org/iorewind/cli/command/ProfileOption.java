package org.iorewind.cli.command;

import org.iorewind.cli.UsageException;
import org.iorewind.model.iommu.Profile;
import org.iorewind.replay.ReplayOptions;
import picocli.CommandLine.Option;

/** Which device the model is. */
final class ProfileOption {
    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            description = {
                "The device to model: spec, qemu-7.2, qemu-10.0 or qemu-11.1. Without it: the one that was recorded,"
                        + " with all its deviations. spec shows what hardware would have done."
            })
    private String profile = "";

    /** What was given, empty for nothing. */
    String label() {
        return profile;
    }

    /**
     * The usual options under this profile.
     *
     * @throws UsageException if there is no such profile
     */
    ReplayOptions options() {
        if (!profile.isEmpty()) {
            require("--profile", profile);
        }
        return ReplayOptions.defaults().withProfile(profile);
    }

    /**
     * Refuses what is no profile.
     *
     * @throws UsageException if there is none of that name
     */
    static void require(String option, String label) {
        if (Profile.named(label).isEmpty()) {
            throw new UsageException(option + ": expected one of " + Profile.labels() + ", found: " + label);
        }
    }
}
