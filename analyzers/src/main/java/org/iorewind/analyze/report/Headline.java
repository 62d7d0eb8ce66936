package org.iorewind.analyze.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.rule.Finding;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.analyze.text.Notation;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.ReplayResult.Observations;

/**
 * The verdict on a whole trace in words: what is said first, wherever it is said.
 *
 * @param outcome what was found
 * @param title one short sentence
 * @param detail one or two more
 * @param cautions what limits the verdict: gaps, an unfinished session, little fidelity; most serious first
 */
public record Headline(Outcome outcome, String title, String detail, List<String> cautions) {
    /** What was found. */
    public enum Outcome {
        /** A request was refused. */
        FAULTS,
        /** Nothing was refused, but recording and model differ without a known reason. */
        DIVERGENCES,
        /** Nothing was refused, but a rule of the protocol was broken. */
        FINDINGS,
        /** Nothing was found. */
        CLEAN
    }

    /** The headline of an analysis. */
    public static Headline of(Analysis analysis) {
        ReplayResult replay = analysis.replay();
        Observations seen = replay.observations();
        List<String> cautions = cautions(replay);
        boolean otherProfile = isOtherProfile(replay);
        if (replay.faultCount() > 0 || !analysis.faults().isEmpty()) {
            return new Headline(
                    Outcome.FAULTS, faultTitle(analysis), faultDetail(analysis) + ruleDetail(analysis), cautions);
        }
        long logged = "log".equals(replay.fidelity()) ? replay.byKind().getOrDefault("LogEntry", 0L) : 0;
        if (logged > 0) {
            return new Headline(
                    Outcome.FAULTS,
                    Notation.count(logged, "fault") + (logged == 1 ? " was" : " were") + " logged",
                    "Requests and tables were not recorded, so a replay cannot say more; iorewind explain decodes and"
                            + " groups what was logged.",
                    cautions);
        }
        if (seen.divergences() > 0) {
            return new Headline(
                    Outcome.DIVERGENCES,
                    "No fault, but " + Notation.count(seen.divergences(), "divergence"),
                    "No request was refused. Recording and model disagree in "
                            + Notation.count(seen.divergences(), "place")
                            + (otherProfile ? "." : " for no known reason.")
                            + ruleDetail(analysis),
                    cautions);
        }
        long broken = analysis.rules().atLeast(Severity.WARNING);
        if (broken > 0) {
            Finding first = analysis.rules().findings().get(0);
            return new Headline(
                    Outcome.FINDINGS,
                    "No fault, but " + Notation.count(broken, "finding") + ": "
                            + lower(first.rule().title()),
                    first.summary() + (broken > 1 ? ruleDetail(analysis) : ""),
                    cautions);
        }
        return new Headline(Outcome.CLEAN, "No fault", cleanDetail(seen), cautions);
    }

    private static String faultTitle(Analysis analysis) {
        List<FaultExplanation> faults = analysis.faults();
        String requests = Notation.count(analysis.replay().faultCount(), "refused request");
        if (faults.isEmpty()) {
            return requests;
        }
        FaultExplanation first = faults.get(0);
        if (faults.size() == 1) {
            return "Device " + first.device() + " was refused: " + first.access() + " at "
                    + Notation.range(first.firstAddress(), first.lastAddress());
        }
        Map<String, Long> devices = new TreeMap<>();
        faults.forEach(fault -> devices.merge(fault.device(), fault.count(), Long::sum));
        String who = devices.size() == 1
                ? "all of device " + first.device()
                : "from " + Notation.count(devices.size(), "device");
        return Notation.count(faults.size()) + " faults in " + requests + ", " + who;
    }

    private static String faultDetail(Analysis analysis) {
        List<FaultExplanation> faults = analysis.faults();
        if (faults.isEmpty()) {
            return "The analysis could not explain them.";
        }
        boolean alike = faults.stream()
                .allMatch(fault -> fault.verdict() == faults.get(0).verdict());
        String first = capital(faults.get(0).verdict().sentence()) + ".";
        if (faults.size() == 1) {
            return first;
        }
        return alike ? "The same verdict on each: " + lower(first) : "The first: " + lower(first);
    }

    private static String ruleDetail(Analysis analysis) {
        long errors = analysis.rules().atLeast(Severity.ERROR);
        long warnings = analysis.rules().atLeast(Severity.WARNING) - errors;
        if (errors + warnings == 0) {
            return "";
        }
        return " Rules of the protocol: " + Notation.count(errors, "error") + ", " + Notation.count(warnings, "warning")
                + ".";
    }

    private static String cleanDetail(Observations seen) {
        if (seen.compared() == 0) {
            return "No request was refused. The recording holds nothing that the model could be compared with.";
        }
        String agree = Notation.count(seen.matched()) + " of " + Notation.count(seen.compared(), "compared observation")
                + " agree with the model";
        return "No request was refused. " + agree
                + (seen.knownDeviations() == 0
                        ? "."
                        : "; the other " + Notation.count(seen.knownDeviations())
                                + " differ in ways that are known and listed.");
    }

    private static List<String> cautions(ReplayResult replay) {
        List<String> cautions = new ArrayList<>();
        if (replay.gaps() > 0) {
            cautions.add("Events are missing: the recording has " + Notation.count(replay.gaps(), "gap")
                    + ". What happened in a gap is not known.");
        }
        if (!replay.ended()) {
            cautions.add("The recording did not end in order: what came after its last event is not known.");
        }
        if (isOtherProfile(replay)) {
            cautions.add("The model ran as " + replay.profile() + ", not as the recorded device, "
                    + replay.session().profile() + ": "
                    + Notation.count(replay.observations().divergences(), "difference")
                    + " between the two "
                    + (replay.observations().divergences() == 1 ? "is" : "are") + " counted as divergences.");
        } else if (replay.faultCount() > 0 && replay.observations().divergences() > 0) {
            cautions.add("Recording and model disagree in "
                    + Notation.count(replay.observations().divergences(), "place") + " for no known reason.");
        }
        switch (replay.fidelity()) {
            case "full" -> {}
            case "observed" ->
                cautions.add("Page tables were not recorded: translations are known only as the recorded system's own"
                        + " answers, and cannot be walked again.");
            default ->
                cautions.add("Only faults were recorded (fidelity: " + replay.fidelity()
                        + "): nothing else of the session is known.");
        }
        if (!replay.notModelled().isEmpty()) {
            cautions.add("The model lacks what some events need: "
                    + String.join(", ", replay.notModelled().keySet()) + ".");
        }
        return List.copyOf(cautions);
    }

    private static boolean isOtherProfile(ReplayResult replay) {
        return !replay.profile().equals(replay.session().profile());
    }

    private static String capital(String sentence) {
        return sentence.isEmpty() ? sentence : Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }

    private static String lower(String sentence) {
        return sentence.isEmpty() ? sentence : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
