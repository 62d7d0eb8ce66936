package org.iorewind.analyze;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.ProbeStep;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.translate.AddressRangeDescriptor;
import org.iorewind.model.iommu.translate.RequestKind;
import org.iorewind.replay.Fault;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.Words;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/** Puts a group of faults and its address's history into words, and concludes no more than they carry. */
final class FaultExplainer {
    private static final long CONTEXT_EVENTS = 20;
    private static final long VALID_AND_TRANSLATING = 3;
    private static final long MODE = 7L << 9;
    private static final long RIGHTS = 3L << 61;

    private final SessionInfo session;
    private final String profile;
    private final long gaps;
    private final boolean hasDriverCalls;
    private final String tracePath;

    FaultExplainer(SessionInfo session, ReplayResult replay, String tracePath) {
        this.session = session;
        this.profile = replay.profile();
        this.gaps = replay.gaps();
        this.hasDriverCalls = replay.byKind().containsKey(EventKind.DRIVER_CALL.label());
        this.tracePath = ShellWord.quote(tracePath);
    }

    FaultExplanation explain(FaultGroup group, @Nullable AddressHistory history) {
        Verdict verdict = verdict(group, history);
        String accessWords = accessWords(group.key());
        return new FaultExplanation(
                group.first().sequence(),
                group.lastSequence(),
                group.count(),
                group.first().timeNs(),
                group.key().iommu(),
                EventTable.bdf(group.key().requester()),
                group.key().pasid(),
                group.lowest(),
                group.highest(),
                accessWords,
                group.space().domain(),
                verdict,
                summary(group, verdict, accessWords),
                logged(group),
                walk(group),
                steps(group.probe()),
                history == null ? List.of() : story(history),
                cannotTell(group, verdict, history),
                next(group),
                event(group));
    }

    private static String event(FaultGroup group) {
        Fault.LoggedEntry entry = group.first().entry();
        int code = group.recordedCode() >= 0 ? group.recordedCode() : entry == null ? -1 : (int) (entry.low() >>> 60);
        return code < 0 ? "IO_PAGE_FAULT" : EntryWords.eventName(code);
    }

    private Verdict verdict(FaultGroup group, @Nullable AddressHistory history) {
        return switch (group.key().decision()) {
            case PAGE_NOT_PRESENT -> notPresent(history);
            case NO_PERMISSION -> blocksEverything(group.probe()) ? Verdict.BLOCKED_BY_DEFAULT : Verdict.NO_PERMISSION;
            case TRANSLATION_OFF -> Verdict.BLOCKED_BY_DEFAULT;
            case BAD_DEVICE_ENTRY -> Verdict.WRONG_DEVICE_ENTRY;
            case BAD_TABLE_ENTRY -> Verdict.BAD_TABLE_ENTRY;
            case ADDRESS_TOO_WIDE -> Verdict.ADDRESS_TOO_WIDE;
            case DEVICE_OUT_OF_TABLE -> Verdict.DEVICE_OUT_OF_TABLE;
            case ABORTED ->
                AddressRangeDescriptor.isHyperTransport(group.lowest())
                        ? Verdict.RESERVED_RANGE
                        : Verdict.INVALID_REQUEST;
            case HARDWARE_ERROR -> Verdict.HARDWARE_ERROR;
            // a model that does not know the tables disagrees with nobody
            case TRANSLATED, PASSED ->
                session.fidelity() == Fidelity.FULL ? Verdict.MODEL_DISAGREES : notRecorded(history);
            case NOT_MODELLED -> Verdict.CANNOT_TELL;
            case NOT_RECORDED -> notRecorded(history);
        };
    }

    /** The life of the address where the request looked it up, behind one line of where else it was mapped. */
    private static List<FaultExplanation.Happening> story(AddressHistory history) {
        List<FaultExplanation.Happening> story = new ArrayList<>(history.life().happenings());
        AddressLife elsewhere = history.elsewhere();
        if (elsewhere != null) {
            FaultExplanation.Happening inShort = elsewhere.inShort();
            int at = 0;
            while (at < story.size() && story.get(at).sequence() < inShort.sequence()) {
                at++;
            }
            story.add(at, inShort);
        }
        return story;
    }

    private static Verdict notRecorded(@Nullable AddressHistory history) {
        if (history == null) {
            return Verdict.CANNOT_TELL;
        }
        return history.life().wasUsed() ? Verdict.REFUSED_AFTER_USE : Verdict.NEVER_TRANSLATED;
    }

    private static Verdict notPresent(@Nullable AddressHistory history) {
        if (history == null) {
            return Verdict.CANNOT_TELL;
        }
        AddressLife life = history.life();
        if (life.wasMapped()) {
            return Verdict.UNMAPPED_BEFORE;
        }
        // used, but never seen mapped: the tables were not recorded from the start
        if (life.wasUsed()) {
            return Verdict.REFUSED_AFTER_USE;
        }
        return history.elsewhere() != null ? Verdict.MAPPED_ELSEWHERE : Verdict.NEVER_MAPPED;
    }

    /** V=1, TV=1, Mode 0, IR=IW=0: how Linux parks a device without a domain. Reference 2.6. */
    private static boolean blocksEverything(Probe probe) {
        if (probe.deviceEntry().length == 0) {
            return false;
        }
        long q0 = probe.deviceEntry()[0];
        return (q0 & VALID_AND_TRANSLATING) == VALID_AND_TRANSLATING && (q0 & MODE) == 0 && (q0 & RIGHTS) == 0;
    }

    private static String accessWords(FaultGroup.Key key) {
        return switch (key.access()) {
            case READ, READ_TRANSLATED -> "read";
            case WRITE, WRITE_TRANSLATED -> "write";
            case ATOMIC, ATOMIC_TRANSLATED -> "atomic access";
            default -> key.kind() == RequestKind.TRANSLATION ? "translation request" : "unknown access";
        };
    }

    private static String summary(FaultGroup group, Verdict verdict, String access) {
        String range = group.lowest() == group.highest()
                ? Words.hex(group.lowest())
                : Words.hex(group.lowest()) + " to " + Words.hex(group.highest());
        String times = group.count() == 1 ? "once" : group.count() + " times";
        String process = group.key().pasid() == EffectSink.NO_PASID
                ? ""
                : ", PASID " + group.key().pasid() + ",";
        return "Device " + EventTable.bdf(group.key().requester()) + process + " was refused at " + range + " ("
                + access + ", " + times + "): " + verdict.sentence() + ".";
    }

    /** What the devices said and wrote down. */
    private List<String> logged(FaultGroup group) {
        List<String> words = new ArrayList<>();
        if (group.first().observed()) {
            words.add("the recorded device refused the request");
            if (group.recordedCode() >= 0) {
                String where = group.recordedGuest() < 0 ? "" : " in the event log of guest " + group.recordedGuest();
                words.add("it logged " + EntryWords.eventName(group.recordedCode()) + " for it" + where);
            }
        } else {
            words.add("what the recorded device did with the request is not in the trace, or it let it pass");
        }
        switch (group.key().decision()) {
            case NOT_RECORDED -> {}
            case NOT_MODELLED, TRANSLATED, PASSED -> words.add(group.first().cause());
            default -> words.addAll(modelsEntry(group));
        }
        return words;
    }

    private List<String> modelsEntry(FaultGroup group) {
        List<String> words = new ArrayList<>();
        words.add("the model refuses it: " + group.first().cause());
        Fault.LoggedEntry entry = group.first().entry();
        if (entry == null) {
            words.add("no entry was written to the host's event log: its driver does not learn of it");
            return words;
        }
        words.addAll(EntryWords.eventEntry(entry.low(), entry.high(), profile.startsWith("qemu")));
        if (isAccessUnknown(group)) {
            words.add("that entry is the model's for a read: the recording holds neither the kind of access nor the"
                    + " entry's bytes");
        }
        return words;
    }

    private static boolean isAccessUnknown(FaultGroup group) {
        return group.key().access() == DmaAccess.UNKNOWN && group.key().kind() != RequestKind.TRANSLATION;
    }

    /** The table that holds an entry; where a guest's tables lead through those of the host, both are named. */
    private static String table(Probe probe, ProbeStep step) {
        if (step.guestTable() == GuestTable.GCR3) {
            return "GCR3 level " + step.level();
        }
        boolean hasGuest = probe.steps().stream().anyMatch(each -> each.guestTable() != null);
        String whose = step.guestTable() != null ? "guest " : hasGuest ? "host " : "";
        return whose + "level " + step.level();
    }

    private static List<String> walk(FaultGroup group) {
        Probe probe = group.probe();
        List<String> lines = new ArrayList<>();
        if (probe.deviceEntry().length == 4) {
            lines.add("device table entry at " + Words.hex(probe.deviceEntryAddress()) + ": "
                    + EntryWords.deviceEntry(probe));
        }
        for (ProbeStep step : probe.steps()) {
            lines.add(table(probe, step) + " entry at " + Words.hex(step.entryAddress()) + " = "
                    + Words.hex(step.entry()) + ": " + step.meaning());
        }
        if (!lines.isEmpty()) {
            lines.add("so: " + probe.reason());
        }
        if (group.usedStaleDeviceEntry()) {
            lines.add("but the IOMMU used its cached copy of the device table entry, which memory no longer holds: no"
                    + " INVALIDATE_DEVTAB_ENTRY came after the change");
        } else if (!lines.isEmpty()
                && probe.decision() != group.key().decision()
                && group.key().decision() != TranslationDecision.NOT_RECORDED) {
            lines.add("but the IOMMU decided from its caches: " + group.key().decision());
        }
        return lines;
    }

    private static List<FaultExplanation.WalkStep> steps(Probe probe) {
        List<FaultExplanation.WalkStep> steps = new ArrayList<>();
        if (probe.deviceEntry().length == 4) {
            long q0 = probe.deviceEntry()[0];
            steps.add(new FaultExplanation.WalkStep(
                    "device table",
                    probe.deviceEntryAddress(),
                    "= " + Words.hex(q0),
                    "Mode=" + (q0 >>> 9 & 7) + " DomainID " + Words.hex(probe.deviceEntry()[1] & 0xFFFF)));
        }
        for (ProbeStep step : probe.steps()) {
            steps.add(new FaultExplanation.WalkStep(
                    table(probe, step), step.entryAddress(), "= " + Words.hex(step.entry()), step.meaning()));
        }
        return steps;
    }

    private List<String> cannotTell(FaultGroup group, Verdict verdict, @Nullable AddressHistory history) {
        List<String> lines = new ArrayList<>();
        if (isAccessUnknown(group)) {
            lines.add(
                    "whether the device wanted to read or to write, and how many bytes: the source does not record it");
        }
        if (session.fidelity() != Fidelity.FULL) {
            lines.add("which table entry refused it, and whether the address was ever mapped: memory was not recorded");
        } else if (group.key().decision() == TranslationDecision.NOT_RECORDED) {
            lines.add("which table entry refused it: the tables of this device are not in the recording");
        }
        if (verdict == Verdict.NEVER_TRANSLATED) {
            lines.add("whether a mapping existed that the device had not used yet");
        }
        if (gaps > 0) {
            lines.add("what happened in the " + gaps + " gaps of the recording: events are missing there");
        }
        if (session.startState() != StartState.RESET) {
            lines.add("what happened before the recorder joined the running machine");
        }
        if (history == null) {
            lines.add("the history of this address: only the first " + HistoryWatcher.MOST_HISTORIES
                    + " different faults are followed");
        }
        lines.add(
                hasDriverCalls
                        ? "which driver or program told the device to use this address: what is written into devices is not"
                                + " in the trace"
                        : "which driver or program told the device to use this address: no driver calls are in the trace");
        return lines;
    }

    private List<String> next(FaultGroup group) {
        List<String> lines = new ArrayList<>();
        long from = Math.max(0, group.first().sequence() - CONTEXT_EVENTS);
        lines.add("look at what led to it: iorewind dump " + tracePath + " --from " + from + " --to "
                + (group.lastSequence() + 2));
        lines.add("look at all requests of the device: iorewind dump " + tracePath + " --filter 'requester == \""
                + EventTable.bdf(group.key().requester()) + "\"'");
        if (session.fidelity() != Fidelity.FULL) {
            lines.add("record again with memory (the recording plug-in, or a shared memory backend), so that the tables"
                    + " can be walked");
        }
        return lines;
    }
}
