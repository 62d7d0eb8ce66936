package org.iorewind.cli.command;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.cli.UsageException;
import org.iorewind.replay.ModelOptions;
import org.iorewind.replay.ReplayOptions;
import picocli.CommandLine.Option;

/** Two sets of options of the model, to hold against each other. */
final class AgainstOption {
    private static final String AS_RECORDED = "as recorded";

    @Option(
            names = "--option",
            paramLabel = "NAME=VALUE",
            description = "Compare the trace with these options of the model, as in 'replay', ...")
    private List<String> options = new ArrayList<>();

    @Option(
            names = "--against",
            paramLabel = "NAME=VALUE",
            description = "... and the same trace with these. A side without options is as recorded.")
    private List<String> against = new ArrayList<>();

    @Option(
            names = "--against-profile",
            paramLabel = "PROFILE",
            description = "Let the second side be another device; see --profile.")
    private String againstProfile = "";

    /** Whether anything is to be compared. */
    boolean isAsked() {
        return !options.isEmpty() || !against.isEmpty() || !againstProfile.isEmpty();
    }

    /**
     * The first side.
     *
     * @throws UsageException if it cannot be
     */
    ReplayOptions first(ReplayOptions usual) {
        return usual.withModel(parse("--option", options));
    }

    /**
     * The second side.
     *
     * @throws UsageException if it cannot be
     */
    ReplayOptions second(ReplayOptions usual) {
        ReplayOptions changed = usual.withModel(parse("--against", against));
        if (againstProfile.isEmpty()) {
            return changed;
        }
        ProfileOption.require("--against-profile", againstProfile);
        return changed.withProfile(againstProfile);
    }

    private static ModelOptions parse(String name, List<String> texts) {
        try {
            return ModelOptions.of(texts);
        } catch (IllegalArgumentException e) {
            throw new UsageException(name + ": " + e.getMessage());
        }
    }

    /** A side in words. */
    static String name(ReplayOptions side) {
        List<String> words = new ArrayList<>(side.model().texts());
        if (!side.profile().isEmpty()) {
            words.add(0, side.profile());
        }
        return words.isEmpty() ? AS_RECORDED : String.join(" ", words);
    }
}
