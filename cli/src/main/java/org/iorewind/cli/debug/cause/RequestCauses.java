package org.iorewind.cli.debug.cause;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.bisect.Change;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.Scout;
import org.iorewind.cli.dump.Fields;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.ProbeStep;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.replay.predicate.Watch;
import org.iorewind.replay.travel.Effects;
import org.iorewind.replay.travel.MomentTest;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/** Why a request for memory was translated so, or refused. */
final class RequestCauses {
    private static final int PAGE_SHIFT = 12;

    private final DebugSession session;
    private final Scout scout;
    private final Chain chain;
    private final long subject;
    private final int number;
    private final String device;
    private final int requester;
    private final long address;
    private final Probe probe;
    private final boolean isFromCache;
    private final boolean isRefused;
    private final String decision;

    /** The scout stands on the request. */
    RequestCauses(DebugSession session, long subject) {
        this.session = session;
        this.subject = subject;
        scout = session.scout();
        chain = new Chain(session);
        EventView event = scout.cursor().event();
        Fields fields = new Fields().of(event);
        number = Math.max(0, event.iommu());
        requester = (int) fields.raw("requester");
        device = EventTable.bdf(requester);
        address = fields.raw("address");
        long pasid = fields.raw("pasid");
        int plainPasid = pasid == EventTable.NO_PASID ? EffectSink.NO_PASID : (int) pasid & 0xF_FFFF;
        probe = scout.cursor().machine().iommu(number).probe(requester, plainPasid, address, access(event, fields));
        Effects effects = scout.cursor().effects();
        isFromCache = effects.cacheHits() > 0;
        isRefused = effects.refused() > 0;
        decision = effects.decision();
    }

    Answer answer() {
        chain.add(
                subject,
                "the request",
                decision + (isFromCache ? ", from the IOTLB" : "") + "; the tables say: " + probe.reason());
        String verdict = isRefused ? refused() : isFromCache ? cached() : walked();
        return chain.answer(subject, verdict, session.isStopAsked());
    }

    private static AccessKind access(EventView event, Fields fields) {
        if (event.kind() != EventKind.DMA_REQUEST) {
            return AccessKind.UNKNOWN;
        }
        return switch (fields.word("access")) {
            case "read" -> AccessKind.READ;
            case "write" -> AccessKind.WRITE;
            case "atomic" -> AccessKind.ATOMIC;
            default -> AccessKind.UNKNOWN;
        };
    }

    private String prefix() {
        return number == 0 ? "" : "iommu " + number + " ";
    }

    private String what() {
        return device + " at " + Notation.hex(address);
    }

    private String walked() {
        writers();
        return "the request of " + what() + " was answered by the tables: " + probe.reason();
    }

    /** Who wrote the entries on the way. */
    private void writers() {
        List<String> roles = new ArrayList<>();
        List<Watch> places = new ArrayList<>();
        roles.add("wrote the device table entry");
        places.add(Watch.parse(prefix() + "dte " + device));
        for (ProbeStep step : probe.steps()) {
            long at = scout.cursor().machine().systemAddress(number, step.entryAddress());
            roles.add("wrote the level " + step.level() + " entry at " + Notation.hex(step.entryAddress()));
            places.add(Watch.parse("memory " + Notation.hex(at)));
        }
        List<@Nullable Change> changes = scout.lastChanges(subject, places);
        for (int i = 0; i < roles.size(); i++) {
            Change change = changes.get(i);
            if (change != null) {
                chain.add(roles.get(i), change);
            } else {
                chain.addUnknown("no event " + roles.get(i) + ": it has held its value since the recording began");
            }
        }
    }

    private String refused() {
        Change lost = pageChange(subject);
        if (lost == null) {
            writers();
            return "the request of " + what() + " was refused: " + probe.reason()
                    + ". No event of this recording ever mapped the address";
        }
        boolean wasMapped = lost.before().startsWith("0x");
        if (!wasMapped || probe.decision() == TranslationDecision.TRANSLATED) {
            writers();
            return "the request of " + what() + " was refused: " + probe.reason();
        }
        chain.add("took the mapping away", lost);
        Change mapped = pageChange(lost.sequence() - 1);
        if (mapped != null) {
            chain.add("made the mapping", mapped);
        }
        long invalidation = invalidation(lost.sequence());
        if (invalidation >= 0 && invalidation < subject) {
            chain.add(invalidation, "invalidated it in the IOTLB", "");
        } else if (!session.isStopAsked()) {
            chain.addUnknown("no command invalidated it between event " + lost.sequence() + " and the request");
        }
        return "the request of " + what() + " was refused: the device used an address that event " + lost.sequence()
                + " had unmapped before";
    }

    private String cached() {
        long filled = lastFill();
        if (filled >= 0) {
            chain.add(filled, "brought the translation into the IOTLB", "");
        }
        Change changed = pageChange(subject);
        if (changed == null || filled < 0 || changed.sequence() <= filled) {
            writers();
            return "the request of " + what() + " was answered from the IOTLB, and the tables say the same";
        }
        chain.add("changed what the tables say of the address", changed);
        long invalidation = invalidation(changed.sequence());
        if (invalidation >= 0 && invalidation > subject) {
            chain.add(invalidation, "invalidated the address only after the request", "");
        } else if (invalidation < 0 && !session.isStopAsked()) {
            chain.addUnknown("no command invalidated the address after event " + changed.sequence());
        }
        return "the request of " + what() + " was answered from the IOTLB with a translation that was stale: event "
                + changed.sequence() + " had changed the tables, and nothing had invalidated it yet";
    }

    /** The last change, up to an event, of what the tables say of the address. */
    private @Nullable Change pageChange(long upTo) {
        Watch page = Watch.parse(prefix() + "pte " + device + " " + Notation.hex(address));
        return scout.lastChanges(upTo, List.of(page)).get(0);
    }

    /** The first command behind an event that invalidates the address, -1 if there is none. */
    private long invalidation(long after) {
        boolean isFound = scout.seek(after) && scout.findInvalidation(probe.domain(), address);
        return isFound ? scout.cursor().sequence() : -1;
    }

    /** The last request for the page before this one that the tables answered, -1 if there is none. */
    private long lastFill() {
        long page = address >>> PAGE_SHIFT;
        Fields fields = new Fields();
        MomentTest isFill = (event, playback, effects) -> event.kind() == EventKind.DMA_REQUEST
                && effects.cacheHits() == 0
                && effects.translations() > effects.refused()
                && fields.of(event).raw("address") >>> PAGE_SHIFT == page
                && fields.raw("requester") == requester;
        return scout.seek(subject) && scout.runBackUntil(isFill)
                ? scout.cursor().sequence()
                : -1;
    }
}
