package org.iorewind.cli.command;

import java.util.Arrays;
import java.util.List;
import org.iorewind.cli.UsageException;
import org.iorewind.model.iommu.Profile;
import org.iorewind.record.qemulog.ImportOptions;
import picocli.CommandLine.Option;

/** Which device a recording is of. */
final class RecordedProfileOption {
    /** The specification is no device: nothing can have been recorded on it. */
    private static final List<String> RECORDED_PROFILES = Arrays.stream(Profile.values())
            .filter(profile -> profile != Profile.SPEC)
            .map(Profile::label)
            .toList();

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            description = "The recorded device, if the log cannot tell: qemu-7.2, qemu-10.0, qemu-11.1.")
    private String profile = "";

    /**
     * How to read.
     *
     * @throws UsageException if there is no such device
     */
    ImportOptions options() {
        if (!profile.isEmpty() && !RECORDED_PROFILES.contains(profile)) {
            throw new UsageException("--profile: expected a device that can be recorded, one of "
                    + String.join(", ", RECORDED_PROFILES) + ", found: " + profile);
        }
        return new ImportOptions(profile);
    }
}
