package org.iorewind.analyze.explain;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.FaultExplanation.Happening;
import org.iorewind.analyze.Verdict;
import org.iorewind.analyze.explain.Cause.Likelihood;
import org.iorewind.analyze.text.Notation;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.Fidelity;

/** Explains any trace: from recorded requests and memory where it has them, else from what was logged. */
public final class RecordedFaults {
    private static final int HAPPENINGS = 8;
    private static final String SEGMENT = "0000:";
    private static final String COMMAND = ": iorewind ";

    private RecordedFaults() {}

    /**
     * The faults of a trace. Requests that were recorded are explained by a replay, page faults in the log then being the same
     * ones; entries about commands and the driver's notices come from the log in any case.
     *
     * @param trace stays open
     * @param options of the replay
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static Explanation of(TraceReader trace, ReplayOptions options) {
        Explanation logged = LoggedFaults.of(trace);
        if (trace.session().fidelity() == Fidelity.LOG) {
            return logged;
        }
        Analysis analysis = Analyses.analyze(trace, options);
        List<LoggedFault> faults = new ArrayList<>();
        for (FaultExplanation fault : analysis.faults()) {
            faults.add(fault(fault));
        }
        for (LoggedFault fault : logged.faults()) {
            if (fault.access().equals("command")) {
                faults.add(fault);
            }
        }
        faults.sort((a, b) -> Long.compare(a.sequence(), b.sequence()));
        return new Explanation(
                List.copyOf(faults),
                0,
                logged.remarks(),
                logged.lost(),
                logged.gaps(),
                trace.session().contract());
    }

    private static LoggedFault fault(FaultExplanation fault) {
        List<String> details = new ArrayList<>(fault.flags());
        details.addAll(fault.walk());
        List<Happening> history = fault.history();
        for (Happening happening : history.subList(Math.max(0, history.size() - HAPPENINGS), history.size())) {
            details.add(Notation.sequence(happening.sequence()) + " " + Notation.time(happening.timeNs()) + " "
                    + happening.what());
        }
        return new LoggedFault(
                fault.event(),
                SEGMENT + fault.device(),
                "",
                "",
                fault.firstAddress(),
                fault.lastAddress(),
                false,
                fault.access(),
                fault.domain() < 0 ? null : fault.domain(),
                null,
                null,
                List.of(),
                fault.count(),
                fault.timeNs(),
                fault.timeNs(),
                fault.sequence(),
                fault.lastSequence(),
                fault.summary(),
                details,
                List.of(cause(fault)),
                fault.cannotTell());
    }

    private static Cause cause(FaultExplanation fault) {
        Likelihood likelihood =
                isProven(fault.verdict()) && !fault.walk().isEmpty() ? Likelihood.CERTAIN : Likelihood.LIKELY;
        String evidence = fault.walk().isEmpty()
                ? fault.history().isEmpty()
                        ? ""
                        : fault.history().get(fault.history().size() - 1).what()
                : fault.walk().get(fault.walk().size() - 1);
        return new Cause(fault.verdict().sentence(), likelihood, evidence, proof(fault.next()));
    }

    /** Advice whose commands follow a colon, as {@link FaultExplanation#next()} holds it. */
    private static Proof proof(List<String> next) {
        List<String> words = new ArrayList<>();
        List<String> commands = new ArrayList<>();
        for (String advice : next) {
            int command = advice.indexOf(COMMAND);
            words.add(command < 0 ? advice : advice.substring(0, command));
            if (command >= 0) {
                commands.add(advice.substring(command + 2));
            }
        }
        return new Proof(String.join("; ", words), List.copyOf(commands));
    }

    private static boolean isProven(Verdict verdict) {
        return switch (verdict) {
            case CANNOT_TELL, NEVER_TRANSLATED, REFUSED_AFTER_USE, MODEL_DISAGREES -> false;
            default -> true;
        };
    }
}
