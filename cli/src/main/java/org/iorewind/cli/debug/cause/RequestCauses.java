package org.iorewind.cli.debug.cause;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.AddressStory;
import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.bisect.Change;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.Scout;
import org.iorewind.cli.dump.Fields;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.ProbeStep;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.translate.RequestKind;
import org.iorewind.replay.Applier;
import org.iorewind.replay.predicate.Watch;
import org.iorewind.replay.travel.Effects;
import org.iorewind.replay.travel.MomentTest;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.sbe.AtsRequestDecoder;
import org.iorewind.trace.sbe.DmaRequestDecoder;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/** Why a request for memory was translated so, or refused. */
final class RequestCauses {
    private static final int PAGE_SHIFT = 12;
    private static final String TOOK_AWAY = "took the mapping away";

    private final DebugSession session;
    private final Scout scout;
    private final Chain chain;
    private final long subject;
    private final int number;
    private final String device;
    private final int requester;
    private final long address;
    private final int pasid;
    private final Probe probe;
    private final long[] usedEntry;
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
        pasid = pasid(fields);
        probe = probe(event);
        usedEntry = scout.usedEntry().of(requester);
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

    private static int pasid(Fields fields) {
        long pasid = fields.raw("pasid");
        return pasid == EventTable.NO_PASID ? EffectSink.NO_PASID : (int) pasid & 0xF_FFFF;
    }

    /** What the tables say of it, asked as the request does. */
    private Probe probe(EventView event) {
        Iommu iommu = scout.cursor().machine().iommu(number);
        if (event.kind() == EventKind.ATS_REQUEST) {
            AtsRequestDecoder ats = new AtsRequestDecoder();
            ats.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            AccessKind access = ats.noWrite() != 0 ? AccessKind.READ : AccessKind.ATOMIC;
            return iommu.probe(requester, pasid, address, access, RequestKind.TRANSLATION);
        }
        DmaRequestDecoder dma = new DmaRequestDecoder();
        dma.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        RequestKind kind = Applier.isPretranslated(dma.access()) ? RequestKind.TRANSLATED : RequestKind.UNTRANSLATED;
        return iommu.probe(requester, pasid, address, Applier.kindOf(dma.access()), kind);
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
        String verdict = "the request of " + what() + " was refused: ";
        if (!decision.equals(TranslationDecision.PAGE_NOT_PRESENT.name())) {
            writers();
            return verdict + probe.reason();
        }
        AddressStory story = AddressStory.of(subject, number, requester, pasid, address, probe, usedEntry);
        boolean isKnown = scout.follow(story, subject);
        AddressStory.Turn mapped = story.mapped();
        AddressStory.Turn unmapped = story.unmapped();
        if (!isKnown || mapped != null && unmapped == null) {
            writers();
            return verdict + probe.reason();
        }
        if (mapped == null || unmapped == null) {
            writers();
            return verdict + probe.reason() + neverMapped(story);
        }
        chain.add(mapped.sequence(), "made the mapping", turn(mapped));
        String how = story.isUnmappedAway() ? "brought the device back, whose mapping was gone by then" : TOOK_AWAY;
        chain.add(unmapped.sequence(), how, turn(unmapped));
        if (story.flushedAt() >= 0) {
            chain.add(story.flushedAt(), "invalidated it in the IOTLB", "");
        } else {
            chain.addUnknown("no command invalidated it between event " + unmapped.sequence() + " and the request");
        }
        return story.isUnmappedAway()
                ? verdict + "the address was no longer mapped when event " + unmapped.sequence()
                        + " brought the device back to this address space (" + story.space() + ")"
                : verdict + "the device used an address that event " + unmapped.sequence() + " had unmapped before";
    }

    /** Where else the address was mapped, if not in the space that the request was looked up in. */
    private String neverMapped(AddressStory story) {
        AddressStory.Elsewhere elsewhere = story.elsewhere();
        if (elsewhere == null) {
            return story.wasUsed()
                    ? ". It worked for this device before; what mapped it is not in the recording"
                    : ". No event of this recording ever mapped the address";
        }
        AddressStory.Turn mapping = elsewhere.mapping();
        chain.add(mapping.sequence(), "mapped it in another address space, " + elsewhere.space(), turn(mapping));
        boolean isLeft = elsewhere.leftAt() > mapping.sequence();
        if (isLeft) {
            chain.add(elsewhere.leftAt(), "took the device out of that space", "");
        }
        return ". No event of this recording ever mapped the address in the address space of the request ("
                + story.space() + "); only another one, " + elsewhere.space() + ", did"
                + (isLeft ? ", which the device left at event " + elsewhere.leftAt() : "");
    }

    private static String turn(AddressStory.Turn turn) {
        return turn.before() + " -> " + turn.after();
    }

    private String cached() {
        long filled = lastFill();
        if (filled >= 0) {
            chain.add(filled, "brought the translation into the IOTLB", "");
        }
        AddressStory.Turn changed = lastChange();
        if (changed == null || filled < 0 || changed.sequence() <= filled) {
            writers();
            return "the request of " + what() + " was answered from the IOTLB, and the tables say the same";
        }
        chain.add(changed.sequence(), "changed what the tables say of the address", turn(changed));
        long invalidation = invalidation(changed.sequence());
        if (invalidation >= 0 && invalidation > subject) {
            chain.add(invalidation, "invalidated the address only after the request", "");
        } else if (invalidation < 0 && !session.isStopAsked()) {
            chain.addUnknown("no command invalidated the address after event " + changed.sequence());
        }
        return "the request of " + what() + " was answered from the IOTLB with a translation that was stale: event "
                + changed.sequence() + " had changed the tables, and nothing had invalidated it yet";
    }

    /** The last change before the request of what the tables say of the address, in whatever space it is looked up. */
    private AddressStory.@Nullable Turn lastChange() {
        if (pasid != EffectSink.NO_PASID) {
            AddressStory story = AddressStory.of(subject, number, requester, pasid, address, probe, usedEntry);
            return scout.follow(story, subject) ? story.changed() : null;
        }
        Watch page = Watch.parse(prefix() + "pte " + device + " " + Notation.hex(address));
        Change change = scout.lastChanges(subject, List.of(page)).get(0);
        return change == null ? null : new AddressStory.Turn(change.sequence(), change.before(), change.after());
    }

    /** The domain that the request was looked up in: that of the entry that was used, if memory holds another by now. */
    private int domain() {
        if (usedEntry.length == 0) {
            return probe.domain();
        }
        DeviceEntry entry = new DeviceEntry();
        entry.set(0, usedEntry[0], usedEntry[1], usedEntry[2], usedEntry[3]);
        return entry.domain();
    }

    /** The first command behind an event that invalidates the address, -1 if there is none. */
    private long invalidation(long after) {
        boolean isFound = scout.seek(after) && scout.findInvalidation(domain(), address);
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
                && fields.raw("requester") == requester
                && pasid(fields) == pasid;
        return scout.seek(subject) && scout.runBackUntil(isFill)
                ? scout.cursor().sequence()
                : -1;
    }
}
