package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.RecordingTarget;
import org.iorewind.cli.record.EndSignals;
import org.iorewind.model.iommu.Profile;
import org.iorewind.record.live.RingRecording;
import org.iorewind.record.live.StopRequests;
import org.iorewind.record.ring.RingFile;
import org.iorewind.record.ring.RingOptions;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.sbe.Fidelity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code iorewind record ring RING -o TRACE}. */
@Command(
        name = "ring",
        header = "Record a VMM in any language, which writes its events into a ring of shared memory.",
        description = {
            "",
            "Makes RING, best in /dev/shm, and waits for the program that is to write into it (docs/ring.md; for C there is a"
                    + " header file). The recording ends when the writer closes the ring or dies, or with Ctrl-C; RING is"
                    + " removed then.",
            "Example:",
            "  iorewind record ring /dev/shm/my-ring -o run &",
            "  record_million /dev/shm/my-ring",
            "Exit code 1: events were lost, or the writer was killed.",
            ""
        })
final class RecordRingCommand implements Callable<Integer> {
    /** Names as they are typed. */
    enum Level {
        full,
        observed
    }

    private final Terminal terminal;

    @Parameters(paramLabel = "RING", description = "The ring to make, where nothing is yet.")
    private Path place = Path.of("");

    @Option(
            names = "-o",
            paramLabel = "TRACE",
            required = true,
            description = "The trace to make: an archive if the name ends in .iorw, else a journal directory.")
    private Path target = Path.of("");

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            description =
                    "The device that is recorded: spec, qemu-7.2, qemu-10.0 or qemu-11.1. Default: ${DEFAULT-VALUE}.")
    private String profile = Profile.SPEC.label();

    @Option(
            names = "--fidelity",
            paramLabel = "LEVEL",
            description =
                    "full: the writer tells every store to a table; observed: it does not. Default: ${DEFAULT-VALUE}.")
    private Level fidelity = Level.full;

    @Option(
            names = "--observes",
            paramLabel = "KIND",
            split = ",",
            description =
                    "Kinds of observations that the writer tells each time: a replay misses them where they are absent.")
    private List<String> observes = new ArrayList<>();

    @Option(names = "--tool", paramLabel = "TEXT", description = "The writer and its version.")
    private String tool = "a writer of a ring";

    @Option(
            names = "--contract",
            paramLabel = "TEXT",
            description = "What the recording can miss, in sentences: every report quotes it.")
    private String contract = "The writer does not say what the recording can miss.";

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    RecordRingCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        org.iorewind.record.embed.RecordingOptions options = options();
        StopRequests stops = new StopRequests();
        RingRecording.Outcome outcome;
        try (EndSignals signals = EndSignals.handle(stops);
                RecordingTarget trace = RecordingTarget.create(target, output.force)) {
            try (RingFile ring = RingFile.create(place, RingOptions.STANDARD)) {
                try {
                    terminal.note("waiting for who writes into " + place);
                    outcome = new RingRecording(ring, options, stops).run(trace.appender(), trace::keep);
                } finally {
                    ring.delete();
                }
            }
            try (ProgressLine progress = terminal.progress("sealing", "events")) {
                trace.finish(progress);
            }
            signals.ended();
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                json.text("trace", target.toString()).number("events", outcome.events());
                json.number("lost", outcome.lost()).number("refused", outcome.refused());
                json.text("reason", outcome.reason().name()).text("note", outcome.note());
            }
        } else {
            terminal.line(terminal.made(target, outcome.events()) + ", " + outcome.lost() + " lost, "
                    + outcome.refused() + " refused; " + outcome.note());
        }
        return outcome.isComplete() ? ExitCode.OK : ExitCode.FOUND;
    }

    private org.iorewind.record.embed.RecordingOptions options() {
        if (Profile.named(profile).isEmpty()) {
            throw new UsageException("--profile: expected one of " + Profile.labels() + ", found: " + profile);
        }
        return org.iorewind.record.embed.RecordingOptions.of(tool, contract)
                .withProfile(profile)
                .withFidelity(fidelity == Level.full ? Fidelity.FULL : Fidelity.OBSERVED)
                .withObservations(
                        observes.stream().map(RecordRingCommand::observation).toArray(EventKind[]::new));
    }

    private static EventKind observation(String label) {
        List<EventKind> all = Arrays.stream(EventKind.values())
                .filter(kind -> kind.eventClass() == EventClass.OBSERVATION)
                .toList();
        return all.stream()
                .filter(kind -> kind.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new UsageException("--observes: expected kinds of observations, of "
                        + all.stream().map(EventKind::label).collect(Collectors.joining(", ")) + ", found: " + label));
    }
}
