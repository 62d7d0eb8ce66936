package org.iorewind.analyze.rule;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.jspecify.annotations.Nullable;

/** All analyzers of one replay. Not thread-safe. */
public final class RulePass {
    private final List<Analyzer> analyzers;
    private final Findings findings = new Findings();
    private @Nullable Machine machine;

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

    /** What the replay has to tell. */
    public ReplayListener[] listeners() {
        List<ReplayListener> all = new ArrayList<>(analyzers);
        all.add(new ReplayListener() {
            @Override
            public void start(Machine started) {
                machine = started;
            }
        });
        return all.toArray(new ReplayListener[0]);
    }

    /**
     * Ends the pass after the replay.
     *
     * @param fidelity what the replay really could do: a rule that needs more cannot judge
     */
    public RuleReport finish(Fidelity fidelity) {
        Machine last = machine;
        int rules = 0;
        for (Analyzer analyzer : analyzers) {
            if (last != null) {
                analyzer.end(last);
            }
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
