package org.iorewind.replay;

import java.util.List;
import java.util.SortedMap;
import org.iorewind.trace.SessionInfo;

/**
 * What one replay of a whole trace found.
 *
 * @param session what the trace's first event says
 * @param profile label of the profile the model ran under
 * @param events number of events, all kinds
 * @param byKind events per kind name, sorted by name; kinds this version does not know as {@code #130}
 * @param observations how the comparison went
 * @param firstDivergences the first unexplained divergences in full, at most {@link ReplayOptions#divergenceLimit()}
 * @param knownDeviations number of known deviations met, per id
 * @param faults refused requests in order, at most {@link ReplayOptions#faultLimit()}
 * @param faultCount number of refused requests
 * @param gaps number of {@code Gap} events
 * @param fidelity {@code full}, {@code observed} or {@code log}: what the replay really could do
 * @param notModelled inputs that needed a feature the model lacks, per feature name
 * @param notRecorded times the model needed memory that the trace does not hold, per use
 * @param stateHash 16 hexadecimal digits: registers, caches and memory after the last input
 * @param ended whether the session has its {@code SessionEnd}
 * @param lastTimeNs time of the last event
 */
public record ReplayResult(
        SessionInfo session,
        String profile,
        long events,
        SortedMap<String, Long> byKind,
        Observations observations,
        List<Divergence> firstDivergences,
        SortedMap<String, Long> knownDeviations,
        List<Fault> faults,
        long faultCount,
        long gaps,
        String fidelity,
        SortedMap<String, Long> notModelled,
        SortedMap<String, Long> notRecorded,
        String stateHash,
        boolean ended,
        long lastTimeNs) {

    /** The same with another list of faults, whose number stays. */
    public ReplayResult withFaults(List<Fault> list) {
        return new ReplayResult(
                session,
                profile,
                events,
                byKind,
                observations,
                firstDivergences,
                knownDeviations,
                List.copyOf(list),
                faultCount,
                gaps,
                fidelity,
                notModelled,
                notRecorded,
                stateHash,
                ended,
                lastTimeNs);
    }

    /**
     * How the comparison of observations went; {@code compared = matched + knownDeviations + divergences}.
     *
     * @param compared observations that could be compared
     * @param matched those that agree in every field that both sides know
     * @param knownDeviations those that differ in a documented way
     * @param divergences those that differ otherwise, and predictions that were not observed
     * @param notComparable observations for which the trace holds too little to predict anything
     */
    public record Observations(
            long compared, long matched, long knownDeviations, long divergences, long notComparable) {}
}
