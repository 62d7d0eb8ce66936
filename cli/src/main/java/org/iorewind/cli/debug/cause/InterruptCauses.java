package org.iorewind.cli.debug.cause;

import java.util.List;
import org.iorewind.cli.bisect.Change;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.Scout;
import org.iorewind.cli.dump.Fields;
import org.iorewind.model.iommu.interrupt.InterruptEntryDescriptor;
import org.iorewind.replay.predicate.Watch;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/** Why an interrupt went where it went (reference 8.2). */
final class InterruptCauses {
    private final DebugSession session;
    private final long subject;

    InterruptCauses(DebugSession session, long subject) {
        this.session = session;
        this.subject = subject;
    }

    Answer answer() {
        Scout scout = session.scout();
        Fields fields = new Fields().of(scout.cursor().event());
        int number = Math.max(0, scout.cursor().event().iommu());
        String prefix = number == 0 ? "" : "iommu " + number + " ";
        String device = EventTable.bdf((int) fields.raw("requester"));
        long index = fields.raw("data") & InterruptEntryDescriptor.INDEX_MASK;
        Chain chain = new Chain(session);
        List<String> effects = scout.effectsOf(subject);
        String outcome = effects.isEmpty() ? "nothing came of it" : effects.get(effects.size() - 1);
        chain.add(subject, "the request", outcome);
        List<String> roles =
                List.of("wrote the device table entry", "wrote entry " + index + " of the interrupt table");
        List<@Nullable Change> changes = scout.lastChanges(
                subject,
                List.of(Watch.parse(prefix + "dte " + device), Watch.parse(prefix + "irte " + device + " " + index)));
        for (int i = 0; i < roles.size(); i++) {
            Change change = changes.get(i);
            if (change == null) {
                chain.addUnknown("no event " + roles.get(i) + ": it has held its value since the recording began");
            } else {
                chain.add(roles.get(i), change);
            }
        }
        return chain.answer(subject, outcome, session.isStopAsked());
    }
}
