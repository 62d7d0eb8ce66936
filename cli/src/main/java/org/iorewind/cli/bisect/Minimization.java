package org.iorewind.cli.bisect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.output.ScratchFolder;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.minimize.Minimizer;
import org.iorewind.replay.minimize.PredicateProbe;
import org.iorewind.replay.minimize.Selection;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.samples.scenario.ScenarioMinimizer;
import org.iorewind.samples.scenario.ScenarioRecorder;
import org.iorewind.samples.workload.StepScenario;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.archive.ArchiveWriter;
import org.jspecify.annotations.Nullable;

/**
 * The search for the smallest trace, and the smallest scenario, that still show something. Not thread-safe, but for {@link
 * #stop}.
 */
public final class Minimization {
    private final Minimizer minimizer;
    private final ReplayOptions options;
    private final long mostReplays;
    private final @Nullable StatePredicate predicate;
    private final String script;
    private final Terminal terminal;
    private volatile boolean isStopped;

    /**
     * A search.
     *
     * @param trace what is minimized; stays open
     * @param options of all replays
     * @param mostReplays how often may be tried, for the trace and for the scenario
     * @param predicate what must still hold, or null to ask the script
     * @param script a command for the shell
     * @param terminal hears what the script says
     */
    public Minimization(
            TraceReader trace,
            ReplayOptions options,
            long mostReplays,
            @Nullable StatePredicate predicate,
            String script,
            Terminal terminal) {
        this.minimizer = new Minimizer(trace, options, mostReplays);
        this.options = options;
        this.mostReplays = mostReplays;
        this.predicate = predicate;
        this.script = script;
        this.terminal = terminal;
    }

    /** Lets it end soon, with the best so far. Any thread. */
    public void stop() {
        isStopped = true;
        minimizer.stop();
    }

    /**
     * The smallest trace.
     *
     * @return empty if even the whole trace does not show it
     * @throws IOException if the script cannot be asked
     */
    public Optional<Minimizer.Result> trace() throws IOException {
        StatePredicate asked = predicate;
        return asked != null
                ? minimizer.keep(asked)
                : inScratch(candidate -> minimizer.keep(selection -> shows(candidate, selection::writeTo)));
    }

    /**
     * The smallest scenario that, when it is recorded, shows the same as what is left of the trace.
     *
     * @param selection what is left of the trace
     * @param name of the scenario
     * @param story of the scenario
     * @return empty if its steps do not show it
     * @throws IOException if the script cannot be asked
     */
    public Optional<ScenarioMinimizer.Result> scenario(Selection selection, String name, String story)
            throws IOException {
        ScenarioMinimizer search = new ScenarioMinimizer(minimizer, options.profile(), name, story);
        StatePredicate asked = predicate;
        return asked != null
                ? smallest(search, selection, scenario -> holds(asked, scenario))
                : inScratch(candidate -> smallest(
                        search,
                        selection,
                        scenario -> shows(candidate, appender -> ScenarioRecorder.record(scenario, appender))));
    }

    private Optional<ScenarioMinimizer.Result> smallest(
            ScenarioMinimizer search, Selection selection, Predicate<StepScenario> shows) {
        long[] tries = new long[1];
        return search.smallest(
                selection,
                scenario -> {
                    options.progress().at(++tries[0], mostReplays);
                    return shows.test(scenario);
                },
                () -> isStopped || tries[0] >= mostReplays);
    }

    private boolean holds(StatePredicate asked, StepScenario scenario) {
        ReplayOptions own = ReplayOptions.defaults().withModel(options.model());
        PredicateProbe probe = new PredicateProbe(asked, own, scenario.name(), () -> false);
        ScenarioRecorder.record(scenario, probe);
        return probe.hasHeld();
    }

    /** Asks the script about events. */
    private boolean shows(Path candidate, Consumer<EventAppender> events) {
        try {
            Files.deleteIfExists(candidate);
            try (ArchiveWriter archive = ArchiveWriter.create(candidate)) {
                events.accept(archive);
            }
            return Script.shows(script, candidate, terminal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T in(Path candidate);
    }

    private static <T> T inScratch(Work<T> work) throws IOException {
        try (ScratchFolder folder = ScratchFolder.make(null)) {
            return work.in(folder.path().resolve("candidate.iorw"));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
