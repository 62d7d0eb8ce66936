package org.iorewind.cli.command;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.cli.UsageException;
import org.iorewind.replay.ModelOptions;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.predicate.FilterException;
import org.iorewind.replay.whatif.Injection;
import org.iorewind.replay.whatif.WhatIf;
import org.iorewind.trace.TraceReader;
import picocli.CommandLine.Option;

/** What is to be otherwise than recorded. */
final class WhatIfOption {
    @Option(
            names = "--option",
            paramLabel = "NAME=VALUE",
            description =
                    "What if the model were otherwise: iotlb.entries=64, walk.caches=off, ... See docs/time-travel.md.")
    private List<String> options = new ArrayList<>();

    @Option(
            names = "--drop",
            paramLabel = "CEL",
            description = "What if these inputs had not been, or these commands: \"command.kind =="
                    + " 'INVALIDATE_IOMMU_PAGES'\".")
    private List<String> drops = new ArrayList<>();

    @Option(
            names = "--inject",
            paramLabel = "TEXT",
            description =
                    "What if this had happened before an event: '1200 store 0x302028 0x0'. See docs/time-travel.md.")
    private List<String> injections = new ArrayList<>();

    /** Whether anything is to be otherwise. */
    boolean isAsked() {
        return !options.isEmpty() || !drops.isEmpty() || !injections.isEmpty();
    }

    /**
     * The question.
     *
     * @throws UsageException if something of it cannot be
     */
    WhatIf of(TraceReader trace, ReplayOptions usual) {
        List<Injection> parsed = new ArrayList<>();
        for (String injection : injections) {
            try {
                parsed.add(Injection.parse(injection));
            } catch (IllegalArgumentException e) {
                throw new UsageException("--inject: " + e.getMessage());
            }
        }
        try {
            return new WhatIf(trace, usual.withModel(ModelOptions.of(options)), drops, parsed);
        } catch (FilterException e) {
            throw e.of("--drop");
        } catch (IllegalArgumentException e) {
            throw new UsageException("--option: " + e.getMessage());
        }
    }
}
