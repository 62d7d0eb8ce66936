package org.iorewind.analyze.performance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.WalkCache;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.CommandConsumedDecoder;
import org.iorewind.trace.sbe.DriverCallDecoder;
import org.jspecify.annotations.Nullable;

/** Counts the traffic of a replay. Bounded. Not thread-safe. */
public final class PerformanceWatcher implements ReplayListener {
    private static final int MOST_DEVICES = 4096;
    private static final int MOST_CALLS = 64;
    private static final int SHOWN = 20;
    private static final int PAGE_SHIFT = 12;
    private static final int OPCODE_SHIFT = 60;
    private static final long OPCODE_MASK = 0xF;
    private static final long UNKNOWN = Long.MIN_VALUE;

    private record Key(int iommu, int id) {}

    private static final class DomainTraffic {
        private final int iommu;
        private final int id;
        private long requests;
        private long invalidations;

        private DomainTraffic(int iommu, int id) {
            this.iommu = iommu;
            this.id = id;
        }
    }

    private static final class Calls {
        private long count;
        private long bytes;
    }

    private final CommandTraffic commands = new CommandTraffic();
    private final ReuseDistances reuse = new ReuseDistances();
    private final Map<Key, DeviceTraffic> devices = new LinkedHashMap<>();
    private final Map<Key, DomainTraffic> domains = new LinkedHashMap<>();
    private final Map<String, Calls> calls = new TreeMap<>();
    private final CacheTraffic caches = new CacheTraffic();
    private final DriverCallDecoder driverCall = new DriverCallDecoder();
    private @Nullable Machine machine;
    private long requests;
    private long reads;
    private long firstNs = UNKNOWN;
    private long lastNs;
    private long sequence;
    private int iommu;
    private long lastDoorbell = -1;
    private boolean storesAreRecorded;
    private @Nullable DeviceTraffic lastDevice;
    private @Nullable DomainTraffic lastDomain;
    private final CommandConsumedDecoder command = new CommandConsumedDecoder();

    /** Has counted nothing. */
    public PerformanceWatcher() {}

    /** Where stores are not recorded, a wait is over when the command was taken. */
    private void consumed(EventView event) {
        if (!storesAreRecorded) {
            command.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            boolean isKnown = command.qword0Known() >>> OPCODE_SHIFT == OPCODE_MASK;
            if (isKnown && CommandDescriptor.opcode(command.qword0()) == CommandDescriptor.COMPLETION_WAIT) {
                commands.stored(event.timeNs(), sequence);
            }
        }
    }

    @Override
    public void start(Machine started) {
        machine = started;
        storesAreRecorded = (started.session().observes() & SessionInfo.observesBit(EventKind.COMPLETION_STORE)) != 0;
    }

    @Override
    public void before(EventView event, Machine machine) {
        at(event);
        reads = 0;
        caches.eventBegins();
    }

    /** An event is about to be handled. */
    public void at(EventView event) {
        sequence = event.sequence();
        iommu = event.iommu();
        lastNs = event.timeNs();
        if (firstNs == UNKNOWN) {
            firstNs = lastNs;
        }
    }

    @Override
    public void after(EventView event, Machine machine) {
        caches.eventEnds();
        @Nullable EventKind kind = event.kind();
        if (kind == EventKind.DRIVER_CALL) {
            called(event);
        } else if (kind != null) {
            observed(event, kind);
        }
    }

    /** An observation was compared; {@link #at} was told of it, and need not be told more. */
    public void observed(EventView event, EventKind kind) {
        if (kind == EventKind.COMMAND_CONSUMED) {
            consumed(event);
        } else if (kind == EventKind.COMPLETION_STORE && storesAreRecorded) {
            commands.stored(event.timeNs(), sequence);
        }
    }

    /** The first command that a doorbell starts shows how many there are; a ring that wraps is as long as its register says. */
    private void doorbell(int ringHead, int ringTail) {
        Machine its = machine;
        int entries = its == null || !its.hasIommu(iommu)
                ? 1
                : RegisterDescriptor.ringEntries(its.iommu(iommu).register(RegisterDescriptor.COMMAND_BASE));
        int bytes = entries * RegisterDescriptor.RING_ENTRY_BYTES;
        commands.doorbell(lastNs, (ringTail - ringHead & bytes - 1) / RegisterDescriptor.RING_ENTRY_BYTES, sequence);
    }

    private void called(EventView event) {
        driverCall.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        if (driverCall.phase() == CallPhase.EXIT) {
            return;
        }
        long size = driverCall.size();
        String name = driverCall.call();
        @Nullable Calls known = calls.get(name);
        if (known == null) {
            if (calls.size() >= MOST_CALLS) {
                return;
            }
            known = new Calls();
            calls.put(name, known);
        }
        known.count++;
        known.bytes += Math.max(0, size);
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        if (lastDoorbell != sequence) {
            lastDoorbell = sequence;
            doorbell(ringHead, ringTail);
        }
        commands.taken(qword0);
    }

    /** Told with the host's DomainID, also where a guest named its own. */
    @Override
    public void translationsInvalidated(int domain, long address, long sizeBytes, int pages) {
        if (domain >= 0) {
            domain(domain).invalidations++;
        }
    }

    @Override
    public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
        commandFetched(ringHead, ringTail, 0, qword0, qword1);
    }

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        caches.now().deviceTableEntry(requester, entryAddress, q0, q1, q2, q3, fromCache);
        reads += fromCache ? 0 : 1;
    }

    @Override
    public void walkStep(int level, long entryAddress, long entry) {
        caches.now().walkStep(level, entryAddress, entry);
        reads++;
    }

    @Override
    public void guestWalkStep(GuestTable table, int level, long entryAddress, long entry) {
        caches.now().guestWalkStep(table, level, entryAddress, entry);
        reads++;
    }

    @Override
    public void walkCacheHit(WalkCache cache, int level, int domain, long address) {
        caches.now().walkCacheHit(cache, level, domain, address);
    }

    @Override
    public void walkCacheMiss(WalkCache cache, int domain, long address) {
        caches.now().walkCacheMiss(cache, domain, address);
    }

    @Override
    public void translation(
            int requester,
            int pasid,
            long address,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int rights,
            boolean cacheHit) {
        requests++;
        caches.now().translation(requester, pasid, address, decision, domain, result, pageShift, rights, cacheHit);
        DeviceTraffic device = device(requester);
        if (device != null) {
            device.decided(address, decision, cacheHit, reads, lastNs - firstNs);
        }
        reads = 0;
        if (decision == TranslationDecision.TRANSLATED) {
            domain(domain).requests++;
            reuse.used(
                    address >>> Math.max(PAGE_SHIFT, pageShift) << PAGE_SHIFT
                            ^ (long) domain << 1
                            ^ (long) pasid << 40
                            ^ (long) iommu << 56,
                    sequence);
        }
    }

    private @Nullable DeviceTraffic device(int requester) {
        DeviceTraffic last = lastDevice;
        if (last != null && last.is(iommu, requester)) {
            return last;
        }
        Key key = new Key(iommu, requester);
        DeviceTraffic known = devices.get(key);
        if (known == null && devices.size() < MOST_DEVICES) {
            known = new DeviceTraffic(iommu, requester);
            devices.put(key, known);
        }
        lastDevice = known;
        return known;
    }

    private DomainTraffic domain(int id) {
        DomainTraffic last = lastDomain;
        if (last != null && last.iommu == iommu && last.id == id) {
            return last;
        }
        Key key = new Key(iommu, id);
        @Nullable DomainTraffic known = domains.get(key);
        if (known == null) {
            known = new DomainTraffic(iommu, id);
            if (domains.size() < MOST_DEVICES) {
                domains.put(key, known);
            }
        }
        lastDomain = known;
        return known;
    }

    /**
     * The numbers so far.
     *
     * @param maps entries of page tables that began or ceased to map something, as the rules saw them
     * @param windows times between the steps of unmaps, as the rules measured them
     */
    public Performance result(List<Performance.Operation> maps, List<Performance.Window> windows) {
        List<Performance.Device> top = new ArrayList<>();
        devices.values().stream()
                .sorted(Comparator.comparingLong(DeviceTraffic::requests).reversed())
                .limit(SHOWN)
                .forEach(device -> top.add(device.result()));
        List<Performance.Domain> topDomains = new ArrayList<>();
        domains.forEach((key, traffic) -> topDomains.add(new Performance.Domain(
                key.iommu(),
                key.id(),
                traffic.requests,
                traffic.invalidations,
                "kind == 'Translation' && iommu == " + key.iommu() + " && domain == " + key.id())));
        topDomains.sort(Comparator.comparingLong(Performance.Domain::requests)
                .thenComparingLong(Performance.Domain::invalidations)
                .reversed());
        return new Performance(
                firstNs == UNKNOWN ? 0 : Math.max(0, lastNs - firstNs),
                operations(maps),
                commands.byOpcode(),
                commands.ring(),
                caches.caches(),
                caches.walkReads(requests),
                caches.pageSizes(),
                reuse.result(),
                top,
                topDomains.subList(0, Math.min(SHOWN, topDomains.size())),
                windows);
    }

    private List<Performance.Operation> operations(List<Performance.Operation> maps) {
        List<Performance.Operation> all = new ArrayList<>(maps);
        calls.forEach((name, counted) -> all.add(new Performance.Operation(
                name,
                counted.count,
                counted.bytes,
                "kind == 'DriverCall' && call == '" + name.replace("'", "") + "'")));
        all.add(new Performance.Operation("request of a device", requests, -1, "kind == 'DmaRequest'"));
        all.add(new Performance.Operation(
                "page invalidation",
                commands.taken(CommandDescriptor.INVALIDATE_IOMMU_PAGES),
                -1,
                CommandTraffic.filter(CommandDescriptor.INVALIDATE_IOMMU_PAGES)));
        return all;
    }
}
