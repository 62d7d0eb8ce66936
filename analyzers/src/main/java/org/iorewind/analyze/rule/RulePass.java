package org.iorewind.analyze.rule;

import java.util.List;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;

/** All analyzers of one replay. Not thread-safe. */
public final class RulePass {
    private final List<Analyzer> analyzers;
    private final Findings findings = new Findings();

    /** With the analyzers on the class path. */
    public RulePass() {
        this(Analyzers.load());
    }

    /** With these analyzers, which must be fresh. */
    public RulePass(List<Analyzer> analyzers) {
        Analyzers.refuseSameIds(analyzers);
        this.analyzers = List.copyOf(analyzers);
        analyzers.forEach(analyzer -> analyzer.begin(findings));
    }

    /** Who has to follow the replay. */
    public ReplayListener[] listeners() {
        return analyzers.toArray(new ReplayListener[0]);
    }

    /**
     * Ends the pass after the replay.
     *
     * @param fidelity what the replay really could do: a rule that needs more cannot judge
     * @param machine that was replayed, behind the last event
     */
    public RuleReport finish(Fidelity fidelity, Machine machine) {
        int rules = 0;
        for (Analyzer analyzer : analyzers) {
            analyzer.end(machine);
            for (Rule rule : analyzer.rules()) {
                rules++;
                if (rule.needs().compareTo(fidelity) > 0) {
                    findings.cannotJudge(
                            rule,
                            "needs a recording of fidelity " + rule.needs().label() + "; this one is "
                                    + fidelity.label());
                }
            }
        }
        return new RuleReport(findings.list(), findings.notKept(), findings.notJudged(), rules);
    }
}
