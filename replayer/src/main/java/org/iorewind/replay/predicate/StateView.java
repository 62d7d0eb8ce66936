package org.iorewind.replay.predicate;

import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_TAIL;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.ProbeStep;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.WalkCache;
import org.iorewind.model.iommu.interrupt.InterruptEntryDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.StatusDescriptor;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.replay.Machine;
import org.iorewind.replay.RegisterNames;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.replay.travel.Effects;
import org.iorewind.replay.travel.LookUps;

/**
 * The state of a machine as expressions see it. Reads and never changes: what is asked here is no access of anybody.
 *
 * <p>An IOMMU that does not exist at this moment has registers of 0, no device table and an empty IOTLB: a predicate about it
 * is false until it is there.
 */
final class StateView {
    /** Fields of {@code dte(…)}. */
    static final List<String> DEVICE_ENTRY = List.of(
            "known",
            "valid",
            "translationValid",
            "mode",
            "domain",
            "root",
            "readable",
            "writable",
            "guestValid",
            "interruptValid",
            "interruptRoot",
            "address",
            "q0",
            "q1",
            "q2",
            "q3");
    /** Fields of {@code pte(…)}. */
    static final List<String> PAGE_ENTRY = List.of(
            "present",
            "known",
            "address",
            "readable",
            "writable",
            "pageShift",
            "level",
            "entry",
            "entryAddress",
            "domain",
            "decision",
            "reason");
    /** Fields of {@code irte(…)}. */
    static final List<String> INTERRUPT_ENTRY = List.of(
            "exists",
            "known",
            "enabled",
            "suppressFaults",
            "type",
            "requestEoi",
            "logical",
            "posted",
            "destination",
            "vector",
            "running",
            "tag",
            "bytes",
            "address",
            "q0",
            "q1");
    /** Fields of {@code commands}, {@code eventLog} and {@code pprLog}. */
    static final List<String> RING = List.of("head", "tail", "base", "entries", "running");
    /** Fields of {@code guest(n)}. */
    static final List<String> GUEST = List.of("cmd", "eventLog", "pprLog", "status");
    /** Fields of the rings of a guest. */
    static final List<String> GUEST_RING = List.of("head", "tail");
    /** Fields of {@code effects}. */
    static final List<String> EFFECTS = List.of(
            "commands",
            "guestCommands",
            "translations",
            "refused",
            "cacheHits",
            "walkSteps",
            "invalidations",
            "pagesDropped",
            "logEntries",
            "logEntriesLost",
            "completionStores",
            "interrupts",
            "decision",
            "command",
            "iotlbHits",
            "iotlbMisses",
            "entryHits",
            "entryReads",
            "hostDirectoryHits",
            "hostDirectoryMisses",
            "guestDirectoryHits",
            "guestDirectoryMisses",
            "guestPhysicalHits",
            "guestPhysicalMisses",
            "hostReads",
            "guestReads",
            "gcr3Reads",
            "pageSizes",
            "comparison",
            "deviation",
            "notModelled",
            "notRecorded");

    private final Machine machine;

    StateView(Machine machine) {
        this.machine = machine;
    }

    long register(int number, int offset) {
        return machine.hasIommu(number) ? machine.iommu(number).register(offset & -Long.BYTES) : 0;
    }

    /** The offset of a register's name. */
    static int offset(String name) {
        OptionalInt offset = RegisterNames.offset(name);
        return offset.orElseThrow(() -> new IllegalArgumentException(
                "expected a register of " + String.join(", ", RegisterNames.all()) + "; found '" + name + "'"));
    }

    long memory(long address) {
        return machine.memory().peek(address);
    }

    boolean isCached(int number, String device, long address) {
        int requester = Requesters.parse(device);
        if (!machine.hasIommu(number)) {
            return false;
        }
        Iommu iommu = machine.iommu(number);
        DeviceEntry entry = iommu.deviceEntry(requester);
        return iommu.holdsTranslation(requester, entry == null ? -1 : entry.domain(), address);
    }

    Map<String, Object> deviceEntry(int number, String device) {
        int requester = Requesters.parse(device);
        DeviceEntry found = machine.hasIommu(number) ? machine.iommu(number).deviceEntry(requester) : null;
        DeviceEntry entry = found == null ? new DeviceEntry() : found;
        return new FieldMap()
                .with("known", () -> found != null)
                .with("valid", entry::isValid)
                .with("translationValid", entry::isTranslationValid)
                .with("mode", () -> (long) entry.mode())
                .with("domain", () -> (long) entry.domain())
                .with("root", entry::root)
                .with("readable", () -> (entry.rights() & 1) != 0)
                .with("writable", () -> (entry.rights() & 2) != 0)
                .with("guestValid", entry::isGuestValid)
                .with("interruptValid", entry::isInterruptValid)
                .with("interruptRoot", entry::interruptRoot)
                .with("address", entry::address)
                .with("q0", () -> entry.quadword(0))
                .with("q1", () -> entry.quadword(1))
                .with("q2", () -> entry.quadword(2))
                .with("q3", () -> entry.quadword(3));
    }

    Map<String, Object> pageEntry(int number, String device, long address) {
        int requester = Requesters.parse(device);
        Probe probe = machine.hasIommu(number)
                ? machine.iommu(number).probe(requester, address)
                : new Probe(
                        TranslationDecision.NOT_RECORDED,
                        -1,
                        false,
                        0,
                        0,
                        0,
                        0,
                        new long[0],
                        List.of(),
                        0,
                        "no such IOMMU");
        ProbeStep last = probe.steps().isEmpty()
                ? new ProbeStep(null, 0, 0, 0, "")
                : probe.steps().get(probe.steps().size() - 1);
        return new FieldMap()
                .with("present", () -> probe.decision() == TranslationDecision.TRANSLATED)
                .with("known", () -> probe.decision() != TranslationDecision.NOT_RECORDED)
                .with("address", probe::result)
                .with("readable", () -> (probe.rights() & 1) != 0)
                .with("writable", () -> (probe.rights() & 2) != 0)
                .with("pageShift", () -> (long) probe.pageShift())
                .with("level", () -> (long) last.level())
                .with("entry", last::entry)
                .with("entryAddress", last::entryAddress)
                .with("domain", () -> (long) probe.domain())
                .with("decision", () -> probe.decision().name())
                .with("reason", probe::reason);
    }

    /** An entry of a device's interrupt table; one that is not there has numbers of 0, and nothing is so. */
    Map<String, Object> interruptEntry(int number, String device, long index) {
        int requester = Requesters.parse(device);
        InterruptEntry found = index < 0 || index > InterruptEntry.MOST_INDEX
                ? null
                : InterruptEntry.of(machine, number, requester, (int) index);
        InterruptEntry entry = found == null ? new InterruptEntry(0, false, 0, 0, 0) : found;
        return new FieldMap()
                .with("exists", () -> found != null)
                .with("known", entry::isRecorded)
                .with("enabled", () -> (entry.low() & InterruptEntryDescriptor.REMAP_EN) != 0)
                .with("suppressFaults", () -> (entry.low() & InterruptEntryDescriptor.SUPPRESS_FAULTS) != 0)
                .with("type", () -> (long) entry.type())
                .with("requestEoi", entry::isEoiRequested)
                .with("logical", entry::isLogical)
                .with("posted", entry::isPosted)
                .with("destination", () -> Integer.toUnsignedLong(entry.destination()))
                .with("vector", () -> (long) entry.vector())
                .with("running", entry::isGuestRunning)
                .with("tag", entry::tag)
                .with("bytes", () -> (long) entry.bytes())
                .with("address", entry::address)
                .with("q0", entry::low)
                .with("q1", entry::high);
    }

    Map<String, Object> commands() {
        return ring(COMMAND_HEAD, COMMAND_TAIL, COMMAND_BASE, StatusDescriptor.CMD_BUF_RUN);
    }

    Map<String, Object> eventLog() {
        return ring(EVENT_HEAD, EVENT_TAIL, EVENT_BASE, StatusDescriptor.EVENT_LOG_RUN);
    }

    Map<String, Object> pprLog() {
        return ring(PPR_HEAD, PPR_TAIL, PPR_BASE, StatusDescriptor.PPR_LOG_RUN);
    }

    private Map<String, Object> ring(int head, int tail, int base, long run) {
        return new FieldMap()
                .with("head", () -> register(0, head))
                .with("tail", () -> register(0, tail))
                .with("base", () -> RegisterDescriptor.base(register(0, base)))
                .with("entries", () -> (long) RegisterDescriptor.ringEntries(register(0, base)))
                .with("running", () -> (register(0, RegisterDescriptor.STATUS) & run) != 0);
    }

    Map<String, Object> guest(int number, long guest) {
        return new FieldMap()
                .with("cmd", () -> guestRing(number, guest, COMMAND_HEAD, COMMAND_TAIL))
                .with("eventLog", () -> guestRing(number, guest, EVENT_HEAD, EVENT_TAIL))
                .with("pprLog", () -> guestRing(number, guest, PPR_HEAD, PPR_TAIL))
                .with("status", () -> guestRegister(number, guest, RegisterDescriptor.STATUS));
    }

    private Map<String, Object> guestRing(int number, long guest, int head, int tail) {
        return new FieldMap()
                .with("head", () -> guestRegister(number, guest, head))
                .with("tail", () -> guestRegister(number, guest, tail));
    }

    private long guestRegister(int number, long guest, int register) {
        boolean isGuest = guest >= 0 && guest <= 0xFFFF && machine.hasIommu(number);
        return isGuest ? machine.iommu(number).guestRegister((int) guest, register - COMMAND_HEAD) : 0;
    }

    static Map<String, Object> counts(EventCounts counts) {
        FieldMap fields = new FieldMap();
        counts.names().forEach(name -> fields.with(name, () -> counts.value(name)));
        return fields;
    }

    static Map<String, Object> effects(Effects effects) {
        FieldMap fields = new FieldMap()
                .with("commands", effects::commands)
                .with("guestCommands", effects::guestCommands)
                .with("translations", effects::translations)
                .with("refused", effects::refused)
                .with("cacheHits", effects::cacheHits)
                .with("walkSteps", effects::walkSteps)
                .with("invalidations", effects::invalidations)
                .with("pagesDropped", effects::pagesDropped)
                .with("logEntries", effects::logEntries)
                .with("logEntriesLost", effects::logEntriesLost)
                .with("completionStores", effects::completionStores)
                .with("interrupts", effects::interrupts)
                .with("decision", effects::decision)
                .with("command", () -> RingEntryNames.command(effects.lastOpcode()))
                .with("comparison", effects::comparison)
                .with("deviation", effects::deviation)
                .with("notModelled", effects::notModelled)
                .with("notRecorded", effects::notRecorded);
        return lookUps(fields, effects.lookUps());
    }

    private static Map<String, Object> lookUps(FieldMap fields, LookUps all) {
        return fields.with("iotlbHits", () -> all.count(LookUps.IOTLB_HIT))
                .with("iotlbMisses", () -> all.count(LookUps.IOTLB_MISS))
                .with("entryHits", () -> all.count(LookUps.ENTRY_HIT))
                .with("entryReads", () -> all.count(LookUps.ENTRY_READ))
                .with("hostDirectoryHits", () -> all.count(LookUps.walkHit(WalkCache.HOST_DIRECTORY)))
                .with("hostDirectoryMisses", () -> all.count(LookUps.walkMiss(WalkCache.HOST_DIRECTORY)))
                .with("guestDirectoryHits", () -> all.count(LookUps.walkHit(WalkCache.GUEST_DIRECTORY)))
                .with("guestDirectoryMisses", () -> all.count(LookUps.walkMiss(WalkCache.GUEST_DIRECTORY)))
                .with("guestPhysicalHits", () -> all.count(LookUps.walkHit(WalkCache.GUEST_PHYSICAL)))
                .with("guestPhysicalMisses", () -> all.count(LookUps.walkMiss(WalkCache.GUEST_PHYSICAL)))
                .with("hostReads", () -> counts(all, LookUps.LEVELS, LookUps::hostRead))
                .with("guestReads", () -> counts(all, LookUps.LEVELS, i -> LookUps.guestRead(GuestTable.PAGE, i)))
                .with("gcr3Reads", () -> counts(all, LookUps.LEVELS, i -> LookUps.guestRead(GuestTable.GCR3, i)))
                .with("pageSizes", () -> counts(all, LookUps.SHIFTS, LookUps::page));
    }

    private static List<Long> counts(LookUps all, int size, IntUnaryOperator kind) {
        return IntStream.range(0, size)
                .mapToObj(i -> all.count(kind.applyAsInt(i)))
                .toList();
    }
}
