package org.iorewind.samples.scenario;

import org.iorewind.samples.session.LiveSession;
import org.iorewind.samples.session.ModelSession;
import org.iorewind.samples.session.StepSession;
import org.iorewind.samples.workload.StepScenario;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;

/** Records scenarios. */
public final class ScenarioRecorder {
    private ScenarioRecorder() {}

    /**
     * What a recording came to.
     *
     * @param events their number
     * @param stateHash of the machine at its end
     * @param notRecorded times the machine read memory that nobody had written: software forgot to clear it
     * @param firstNotRecorded where it did so first
     * @param notModelled times the machine needed what the model lacks
     */
    public record Recorded(long events, long stateHash, long notRecorded, long firstNotRecorded, long notModelled) {}

    /**
     * Records a scenario from its beginning to its end. The same scenario and seed give the same events.
     *
     * @param scenario what happens
     * @param seed of all chance in it
     * @param store takes the events; stays open
     * @throws org.iorewind.trace.TraceStoreException if it takes no more
     */
    public static Recorded record(Scenario scenario, long seed, EventAppender store) {
        LiveSession session = LiveSession.begin(store, scenario.name(), seed);
        scenario.work().run(session, seed);
        return end(session);
    }

    /**
     * Records a workload again and again until there are as many events, and what it has begun then. The memory that this takes
     * does not depend on the number.
     *
     * @param name of the scenario
     * @param work what happens
     * @param seed of all chance in it
     * @param events at least so many
     * @param store takes the events; stays open
     * @param progress told now and then, in events
     * @throws org.iorewind.trace.TraceStoreException if the store takes no more
     */
    public static Recorded record(
            String name, WorkloadWork work, long seed, long events, EventAppender store, Progress progress) {
        LiveSession session = LiveSession.begin(store, name, seed);
        work.runUntil(session, seed, () -> {
            progress.at(session.events(), events);
            return session.events() >= events;
        });
        return end(session);
    }

    /**
     * Records steps. The same steps give the same events.
     *
     * @param scenario what happens
     * @param store takes the events; stays open
     * @throws org.iorewind.trace.TraceStoreException if it takes no more
     */
    public static Recorded record(StepScenario scenario, EventAppender store) {
        StepSession session = StepSession.begin(store, scenario.name(), scenario.machine());
        scenario.steps().forEach(session::perform);
        return end(session);
    }

    private static Recorded end(ModelSession session) {
        long hash = session.end();
        return new Recorded(
                session.events(), hash, session.notRecorded(), session.firstNotRecorded(), session.notModelled());
    }
}
