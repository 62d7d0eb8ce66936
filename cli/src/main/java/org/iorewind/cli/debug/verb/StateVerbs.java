package org.iorewind.cli.debug.verb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.Position;
import org.iorewind.cli.debug.session.WordList;
import org.iorewind.cli.debug.state.CacheTree;
import org.iorewind.cli.debug.state.DeviceTree;
import org.iorewind.cli.debug.state.GuestTree;
import org.iorewind.cli.debug.state.PageWalk;
import org.iorewind.cli.debug.state.RegisterTree;
import org.iorewind.cli.debug.state.RingTree;
import org.iorewind.cli.debug.state.StateTree;
import org.iorewind.cli.debug.state.TreeDifference;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.Probe;
import org.iorewind.replay.Machine;
import org.iorewind.replay.checkpoint.Checkpoint;
import org.iorewind.replay.predicate.StateExpression;

/** Verbs that look at the state: as it is, and against another moment's. */
final class StateVerbs {
    private static final String PASID = "pasid=";
    private static final List<String> TOPICS = List.of(
            "registers",
            "devices",
            "domains",
            "iotlb",
            "ring",
            "log",
            "guests",
            "event",
            "effects",
            "breakpoints",
            "marks",
            "checkpoints");

    private StateVerbs() {}

    static List<Verb> all() {
        return List.of(
                Verb.of(
                        "info",
                        "i",
                        "TOPIC",
                        "Show a part of the state.",
                        StateVerbs::info,
                        "TOPIC is one of: " + String.join(", ", TOPICS) + ".",
                        "effects tells in order what the model did because of the event.",
                        "For another IOMMU than the first: info iommu 1 registers."),
                Verb.of(
                        "print",
                        "p",
                        "CEL",
                        "Evaluate an expression over event and state.",
                        StateVerbs::print,
                        "print pte('00:06.0', 0x5000).address",
                        "print dte('00:06.0')",
                        "print effects",
                        "The names: docs/time-travel.md."),
                Verb.of(
                        "walk",
                        "",
                        "DEV IOVA [pasid=N]",
                        "Walk the tables in memory, entry by entry.",
                        StateVerbs::walk,
                        "Sections are those of AMD publication 48882. Caches are not asked: see info iotlb."),
                Verb.of(
                        "x",
                        "",
                        "[/NFU] ADDR",
                        "Show N units of memory in format F: x/4xg 0x100000.",
                        MemoryDump::run,
                        "F: x hexadecimal, d decimal, u unsigned, t binary. U: b, h, w, g for 1, 2, 4, 8 bytes.",
                        "Without them: one unit, x, g. What the recording does not know is shown as ?."),
                Verb.of(
                        "diff",
                        "",
                        "[SEQ]",
                        "Compare the state here with that of another event.",
                        StateVerbs::diff,
                        "Without SEQ: with the event before, so that it shows what this event changed."));
    }

    static List<String> topics() {
        return TOPICS;
    }

    private static Answer info(DebugSession session, String rest) {
        WordList words = WordList.of(rest);
        int number = words.takeIommu(session.machine());
        String topic = topic(words.next("one of " + String.join(", ", TOPICS)));
        words.end();
        Machine machine = session.machine();
        Iommu iommu = machine.iommu(number);
        Answer answer = new Answer();
        return switch (topic) {
            case "registers" -> answer.tree("registers", RegisterTree.of(iommu));
            case "devices" -> {
                int refused = DeviceTree.refused(iommu);
                answer.table("devices", DeviceTree.devices(iommu), "no device table entry lets anything pass");
                yield answer.field("refused", refused).line("devices with a valid entry that refuses all: " + refused);
            }
            case "domains" -> answer.table("domains", DeviceTree.domains(iommu), "no domains");
            case "iotlb" -> answer.table("iotlb", CacheTree.of(iommu), "the IOTLB is empty");
            case "ring" -> answer.tree("ring", new RingTree(machine, number).commands());
            case "log" -> {
                RingTree rings = new RingTree(machine, number);
                Map<String, Object> logs = new LinkedHashMap<>();
                logs.put("eventLog", rings.eventLog());
                logs.put("pprLog", rings.pprLog());
                yield answer.tree("log", logs);
            }
            case "guests" -> answer.table("guests", GuestTree.of(iommu), "no guest has a hardware vIOMMU");
            case "event" -> {
                Position.add(session, answer);
                yield answer;
            }
            case "effects" -> {
                List<String> effects = session.scout().effectsOf(session.sequence());
                yield answer.field("effects", effects)
                        .lines(effects.isEmpty() ? List.of("the model did nothing because of this event") : effects);
            }
            case "breakpoints" -> StopVerbs.list(session);
            case "marks" -> PlaceVerbs.marks(session);
            default -> checkpoints(session);
        };
    }

    private static String topic(String word) {
        List<String> begun = new ArrayList<>();
        for (String topic : TOPICS) {
            if (topic.equals(word)) {
                return topic;
            }
            if (topic.startsWith(word)) {
                begun.add(topic);
            }
        }
        if (begun.size() != 1) {
            throw new DebugException(
                    "expected one of " + String.join(", ", begun.isEmpty() ? TOPICS : begun) + "; found: " + word);
        }
        return begun.get(0);
    }

    private static Answer checkpoints(DebugSession session) {
        List<Long> all = session.store().sequences();
        Answer answer = new Answer().field("checkpoints", all);
        return answer.line(
                all.isEmpty()
                        ? "no checkpoints yet"
                        : all.size() + " checkpoints, before the events " + all.get(0) + " to "
                                + all.get(all.size() - 1));
    }

    private static Answer print(DebugSession session, String rest) {
        if (rest.isEmpty()) {
            throw new DebugException("expected an expression such as faults, found nothing");
        }
        Object value = StateExpression.compile(rest)
                .value(
                        session.event(),
                        session.cursor().playback(),
                        session.cursor().effects());
        return Values.answer(value);
    }

    private static Answer walk(DebugSession session, String rest) {
        WordList words = WordList.of(rest);
        int number = words.takeIommu(session.machine());
        int requester = words.nextDevice();
        long address = words.nextNumber("an address");
        int pasid = EffectSink.NO_PASID;
        if (words.peek().toLowerCase(Locale.ROOT).startsWith(PASID)) {
            pasid = (int) WordList.number(words.next("").substring(PASID.length())) & 0xF_FFFF;
        }
        words.end();
        Probe probe = session.machine().iommu(number).probe(requester, pasid, address, AccessKind.UNKNOWN);
        return new Answer().tree("walk", PageWalk.of(requester, pasid, address, probe));
    }

    private static Answer diff(DebugSession session, String rest) {
        WordList words = WordList.of(rest);
        long there = words.hasNext() ? words.nextNumber("the number of an event") : session.sequence() - 1;
        words.end();
        if (there < -1) {
            throw new DebugException("expected an event before this one, found none");
        }
        if (!session.scout().seek(there)) {
            throw new DebugException("no such event: " + there);
        }
        Map<String, Object> old = StateTree.of(session.scout().cursor().playback());
        Map<String, Object> now = StateTree.of(session.cursor().playback());
        int pages = Checkpoint.take(session.cursor().playback())
                .changedPages(Checkpoint.take(session.scout().cursor().playback()));
        List<Map<String, Object>> differences = TreeDifference.of(old, now);
        Answer answer = new Answer()
                .field("there", there)
                .field("here", session.sequence())
                .field("changedPages", pages)
                .line("event " + there + " against event " + session.sequence() + "; pages of memory that differ: "
                        + pages);
        return answer.table("differences", differences, "nothing else differs");
    }
}
