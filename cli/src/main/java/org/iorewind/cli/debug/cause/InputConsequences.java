package org.iorewind.cli.debug.cause;

import java.util.List;
import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.ReadWatch;
import org.iorewind.cli.debug.session.Scout;
import org.iorewind.cli.dump.Fields;
import org.iorewind.trace.EventKind;

/** What came of an input that asks for nothing: the effects of a doorbell, the first use of a store. */
final class InputConsequences {
    private final DebugSession session;
    private final long subject;

    InputConsequences(DebugSession session, long subject) {
        this.session = session;
        this.subject = subject;
    }

    Answer answer() {
        Scout scout = session.scout();
        Chain chain = new Chain(session);
        boolean isStore = scout.cursor().event().kind() == EventKind.MEMORY_WRITE;
        long address = isStore ? new Fields().of(scout.cursor().event()).raw("address") : 0;
        if (isStore) {
            chain.add(subject, "the store", "");
            ReadWatch read = ReadWatch.parse(
                    "mem " + Notation.hex(address & -Long.BYTES), scout.cursor().playback(), scout.reads());
            boolean isUsed = scout.runUntil(read);
            if (isUsed) {
                chain.add(scout.cursor().sequence(), "made the IOMMU read it first", "");
            }
            String verdict = isUsed
                    ? "the IOMMU first read what was stored at " + Notation.hex(address) + " in event "
                            + scout.cursor().sequence()
                    : "the IOMMU has not read " + Notation.hex(address) + " after this event";
            return chain.answer(subject, verdict, session.isStopAsked());
        }
        List<String> effects = scout.effectsOf(subject);
        chain.add(subject, "the input", "");
        Answer answer = chain.answer(
                subject,
                effects.isEmpty()
                        ? "the IOMMU did nothing because of this event"
                        : "because of this event the IOMMU did",
                session.isStopAsked());
        effects.forEach(effect -> answer.line("            " + effect));
        return answer.field("did", effects);
    }
}
