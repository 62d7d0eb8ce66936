package org.iorewind.cli.debug.dap;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.lsp4j.debug.Scope;
import org.eclipse.lsp4j.debug.StackFrame;
import org.eclipse.lsp4j.debug.Thread;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.cli.debug.dap.VariableTrees.Node;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.Position;
import org.iorewind.cli.debug.session.WordList;
import org.iorewind.cli.debug.state.CacheTree;
import org.iorewind.cli.debug.state.DeviceTree;
import org.iorewind.cli.debug.state.GuestTree;
import org.iorewind.cli.debug.state.PageWalk;
import org.iorewind.cli.debug.state.RegisterTree;
import org.iorewind.cli.debug.state.RingTree;
import org.iorewind.cli.dump.DumpLine;
import org.iorewind.cli.dump.Fields;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.replay.Machine;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/** Where a session stands, as threads, frames and scopes. Counts until the session moves. Not thread-safe. */
final class Stack {
    private static final int IOMMU_THREAD = 1;
    private static final int FIRST_DEVICE = 2;
    private static final int NAME_LIMIT = 160;
    private static final int CALL_FOR_NO_DEVICE = 0xFFFF;

    private final DebugSession session;
    private final EventPages pages;
    private final VariableTrees variables;
    private final int number;
    private final int requester;
    private final boolean isAddressed;
    private final long address;
    private final List<Map<String, Object>> walk;

    Stack(DebugSession session, EventPages pages, VariableTrees variables) {
        this.session = session;
        this.pages = pages;
        this.variables = variables;
        EventView event = session.event();
        EventKind kind = event == null ? null : event.kind();
        boolean isOfDevice = event != null && kind != null && has(kind, "requester");
        isAddressed = isOfDevice
                && kind != null
                && has(kind, "address")
                && kind != EventKind.INTERRUPT_REQUEST
                && kind != EventKind.INTERRUPT_DELIVERED;
        Fields fields = new Fields();
        number = event == null ? 0 : Math.max(0, event.iommu());
        requester = isOfDevice ? requester(fields.of(Objects.requireNonNull(event)), kind) : -1;
        address = isAddressed ? fields.raw("address") : 0;
        walk = walk();
    }

    private static boolean has(EventKind kind, String field) {
        return EventTable.standard().type(kind).field(field) != null;
    }

    private static int requester(Fields fields, @Nullable EventKind kind) {
        int requester = (int) fields.raw("requester");
        return kind == EventKind.DRIVER_CALL && requester == CALL_FOR_NO_DEVICE ? -1 : requester;
    }

    private List<Map<String, Object>> walk() {
        Machine machine = session.machine();
        if (!isAddressed || !machine.hasIommu(number)) {
            return List.of();
        }
        EventView event = Objects.requireNonNull(session.event());
        boolean hasPasid = has(Objects.requireNonNull(event.kind()), "pasid");
        long pasid = hasPasid ? new Fields().of(event).raw("pasid") : EventTable.NO_PASID;
        int plain = pasid == EventTable.NO_PASID ? EffectSink.NO_PASID : (int) pasid & 0xF_FFFF;
        Probe probe = machine.iommu(number).probe(requester, plain, address, AccessKind.UNKNOWN);
        List<Map<String, Object>> steps = new ArrayList<>(PageWalk.steps(probe, plain));
        Collections.reverse(steps);
        return List.copyOf(steps);
    }

    /** The thread that the event belongs to. */
    int thread() {
        return requester < 0 ? IOMMU_THREAD : FIRST_DEVICE + requester;
    }

    /** The IOMMU, and the devices that may reach memory or have just tried. */
    Thread[] threads() {
        List<Thread> threads = new ArrayList<>();
        threads.add(thread(IOMMU_THREAD, "IOMMU"));
        Machine machine = session.machine();
        boolean isListed = requester < 0;
        if (machine.hasIommu(number)) {
            for (int device : DeviceTree.requesters(machine.iommu(number))) {
                DeviceEntry entry = machine.iommu(number).deviceEntry(device);
                String domain = entry == null ? "" : " in domain " + entry.domain();
                threads.add(thread(FIRST_DEVICE + device, EventTable.bdf(device) + domain));
                isListed |= device == requester;
            }
        }
        if (!isListed) {
            threads.add(thread(FIRST_DEVICE + requester, EventTable.bdf(requester)));
        }
        return threads.toArray(Thread[]::new);
    }

    private static Thread thread(int id, String name) {
        Thread thread = new Thread();
        thread.setId(id);
        thread.setName(name);
        return thread;
    }

    private String name() {
        EventView event = session.event();
        return event == null
                ? "before the first event"
                : DumpLine.kind(event) + " " + PlainText.clip(new DumpLine().sentence(event), NAME_LIMIT);
    }

    /** The event in a line, and if it was a request of a device what became of it. */
    String summary() {
        Object decision = Position.effects(session.cursor().effects()).get("decision");
        return name() + (decision == null ? "" : ": " + decision);
    }

    /** The event, and for the thread that it belongs to the walk below it, from the last entry up to the device table's. */
    StackFrame[] frames(int thread) {
        List<StackFrame> frames = new ArrayList<>();
        frames.add(frame(1, name()));
        if (thread == thread()) {
            for (Map<String, Object> step : walk) {
                frames.add(frame(
                        frames.size() + 1,
                        step.get("entry") + " at " + step.get("address") + ": " + step.get("meaning")));
            }
        }
        return frames.toArray(StackFrame[]::new);
    }

    private StackFrame frame(int id, String name) {
        StackFrame frame = new StackFrame();
        frame.setId(id);
        frame.setName(name);
        frame.setSource(pages.source(session.sequence()));
        frame.setLine(pages.line(session.sequence()));
        frame.setColumn(1);
        return frame;
    }

    /** The state, for the event's frame; the entry, for a frame of the walk. */
    Scope[] scopes(int frame) {
        List<Scope> scopes = new ArrayList<>();
        int step = frame - 2;
        if (step >= 0 && step < walk.size()) {
            Map<String, Object> entry = walk.get(step);
            String place = "DTE".equals(entry.get("entry"))
                    ? prefix() + "dte " + EventTable.bdf(requester)
                    : "mem " + systemAddress(String.valueOf(entry.get("address")));
            scopes.add(scope("Entry", new Node(() -> entry, place, "")));
            return scopes.toArray(Scope[]::new);
        }
        Machine machine = session.machine();
        if (session.event() != null) {
            scopes.add(scope("Event", new Node(this::fields, "", "%s")));
            scopes.add(scope(
                    "Effects", new Node(() -> Position.effects(session.cursor().effects()), "", "effects.%s")));
        }
        if (!machine.hasIommu(number)) {
            return scopes.toArray(Scope[]::new);
        }
        Iommu iommu = machine.iommu(number);
        DeviceEntry device = requester < 0 ? null : iommu.deviceEntry(requester);
        if (device != null) {
            scopes.add(scope(
                    "Device table entry",
                    new Node(
                            () -> DeviceTree.device(requester, device),
                            prefix() + "dte " + EventTable.bdf(requester),
                            "")));
        }
        RingTree rings = new RingTree(machine, number);
        String iommuArgument = number == 0 ? "" : number + ", ";
        scopes.add(scope(
                "Registers",
                new Node(
                        () -> RegisterTree.of(iommu),
                        prefix() + "register %s",
                        "register(" + iommuArgument + "'%s')")));
        scopes.add(scope("IOTLB", new Node(() -> CacheTree.of(iommu), "", "")));
        scopes.add(scope("Command ring", new Node(rings::commands, "", "")));
        scopes.add(scope("Event log", new Node(rings::eventLog, "", "")));
        scopes.add(scope("PPR log", new Node(rings::pprLog, "", "")));
        scopes.add(scope("Devices", new Node(() -> DeviceTree.devices(iommu), "", "")));
        scopes.add(scope("Domains", new Node(() -> DeviceTree.domains(iommu), "", "")));
        scopes.add(scope("Guests", new Node(() -> GuestTree.of(iommu), "", "")));
        scopes.add(scope("Counts", new Node(this::counts, "", "%s")));
        return scopes.toArray(Scope[]::new);
    }

    private String systemAddress(String address) {
        return Notation.hex(session.machine().systemAddress(number, WordList.number(address)));
    }

    private String prefix() {
        return number == 0 ? "" : "iommu " + number + " ";
    }

    private Scope scope(String name, Node node) {
        Scope scope = new Scope();
        scope.setName(name);
        scope.setVariablesReference(variables.add(node));
        scope.setExpensive(name.equals("Guests"));
        return scope;
    }

    private Map<String, Object> counts() {
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("events", session.cursor().playback().events());
        counts.put("faults", session.cursor().playback().faults());
        counts.put("divergences", session.cursor().playback().divergences());
        return counts;
    }

    private Map<String, Object> fields() {
        Map<String, Object> tree = new LinkedHashMap<>();
        @Nullable EventView event = session.event();
        EventKind kind = event == null ? null : event.kind();
        if (event != null && kind != null) {
            tree.put("sequence", event.sequence());
            tree.put("kind", kind.label());
            EventTable table = EventTable.standard();
            for (EventField field : table.type(kind).fields()) {
                if (table.has(event, field)) {
                    tree.put(field.name(), PlainText.clip(table.text(event, field), NAME_LIMIT));
                }
            }
        }
        return tree;
    }
}
