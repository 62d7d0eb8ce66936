package org.iorewind.model.iommu;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.StateHasher;
import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.memory.SparseMemory;

/** A small machine for tests: memory, one IOMMU, tables at fixed places, and a sink that writes everything down. */
final class Machine {
    static final int DEVICE_TABLE = 0x10_0000;
    static final int RING = 0x20_0000;
    static final int LOG = 0x21_0000;
    static final int ROOT = 0x30_0000;
    static final int TABLE_2 = 0x30_1000;
    static final int TABLE_1 = 0x30_2000;
    static final int INTERRUPT_TABLE = 0x31_0000;
    static final int STORE = 0x32_0000;
    static final int PAGE_A = 0x40_0000;
    static final int PAGE_B = 0x50_0000;
    static final int DEVICE = 0x30;
    static final int DOMAIN = 5;
    static final long READ_WRITE = 3L << 61;
    static final long READ_ONLY = 1L << 61;
    static final long WRITE_ONLY = 1L << 62;
    static final long ENABLED = 0x100D;
    static final int LENGTH_256 = 8;

    record Translation(TranslationDecision decision, int domain, long result, int shift, int rights, boolean hit) {}

    record Logged(int offset, long q0, long q1, boolean written) {
        int code() {
            return (int) (q0 >>> 60);
        }

        int flags() {
            return (int) (q0 >>> 48) & 0xFFF;
        }

        int pasid() {
            return (int) (q0 >>> 32) & 0xFFFF | (int) q0 & 0xF_0000;
        }

        int device() {
            return (int) q0 & 0xFFFF;
        }

        int domain() {
            return (int) (q0 >>> 32) & 0xFFFF;
        }
    }

    /** An entry of a guest's log. */
    record GuestLogged(int guest, LogKind log, int offset, long q0, long q1, boolean written) {}

    record Answered(
            AtsStatus status,
            TranslationDecision decision,
            int domain,
            long result,
            int shift,
            int bits,
            boolean hit) {}

    record Delivered(InterruptDecision decision, long address, int data, int irteBytes, long irteAddress) {}

    record OwnMessage(OwnInterrupt source, long address, int data) {}

    final SparseMemory memory;
    final Iommu iommu;
    final List<Translation> translations = new ArrayList<>();
    final List<Logged> events = new ArrayList<>();
    final List<GuestLogged> guestEvents = new ArrayList<>();
    final List<Delivered> interrupts = new ArrayList<>();
    final List<OwnMessage> ownMessages = new ArrayList<>();
    final List<PerformanceEvent> counted = new ArrayList<>();
    final List<Answered> answers = new ArrayList<>();
    final List<EffectSink> devices = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    private int tail;

    Machine(IommuOptions options) {
        this(options, SparseMemory.zeroFilled());
    }

    Machine(IommuOptions options, SparseMemory memory) {
        this.memory = memory;
        this.iommu = new Iommu(options, memory, new Notebook());
    }

    /** A machine of this profile that is enabled, with one device whose three-level tables are empty. */
    static Machine started(Profile profile) {
        return started(IommuOptions.of(profile));
    }

    /** The steps of walks and what shortened them, as told since the last call. */
    List<String> walked() {
        List<String> walk = told.stream()
                .filter(line -> line.contains("step ") || line.startsWith("hit ") || line.startsWith("marked "))
                .toList();
        told.clear();
        return walk;
    }

    static Machine started(IommuOptions options) {
        Machine machine = new Machine(options);
        machine.deviceEntry(DEVICE, ROOT | 3 << 9 | READ_WRITE | 3, DOMAIN, 0, 0);
        machine.memory.writeLong(ROOT, TABLE_2 | 2 << 9 | READ_WRITE | 1);
        machine.memory.writeLong(TABLE_2, TABLE_1 | 1 << 9 | READ_WRITE | 1);
        machine.start(ENABLED);
        machine.command(2L << 60 | DEVICE, 0);
        machine.told.clear();
        return machine;
    }

    void start(long control) {
        write(0x0000, DEVICE_TABLE | 1);
        write(0x0008, RING | (long) LENGTH_256 << 56);
        write(0x0010, LOG | (long) LENGTH_256 << 56);
        write(0x0018, control);
    }

    void write(int offset, long value) {
        iommu.mmioWrite(offset, 8, value);
    }

    void deviceEntry(int device, long q0, long q1, long q2, long q3) {
        long at = DEVICE_TABLE + 32L * device;
        memory.writeLong(at, q0);
        memory.writeLong(at + 8, q1);
        memory.writeLong(at + 16, q2);
        memory.writeLong(at + 24, q3);
    }

    /** Writes the level-1 entry of an IOVA below 2 MiB. */
    void map(long iova, long entry) {
        memory.writeLong(TABLE_1 + (iova >>> 12) * 8, entry);
    }

    void command(long q0, long q1) {
        memory.writeLong(RING + tail, q0);
        memory.writeLong(RING + tail + 8, q1);
        tail = tail + 16 & 0xFFF;
        iommu.mmioWrite(0x2008, 8, tail);
    }

    /** Goes on where the program of another machine is. */
    void continueFrom(Machine other) {
        tail = other.tail;
    }

    void invalidateDomain(int domain) {
        command(3L << 60 | (long) domain << 32, 0x7FFF_FFFF_FFFF_F001L);
    }

    /** Drops the directories of a domain too (PDE=1). */
    void invalidateDirectories(int domain) {
        command(3L << 60 | (long) domain << 32, 0x7FFF_FFFF_FFFF_F003L);
    }

    Translation read(long iova) {
        return dma(DEVICE, iova, AccessKind.READ);
    }

    Translation written(long iova) {
        return dma(DEVICE, iova, AccessKind.WRITE);
    }

    Translation dma(int device, long iova, AccessKind access) {
        iommu.dma(device, EffectSink.NO_PASID, iova, 4, access);
        return translations.get(translations.size() - 1);
    }

    /** A translation request without a PASID of {@link #DEVICE}, for reading and writing. */
    Answered ask(long iova) {
        return ask(EffectSink.NO_PASID, iova, false, false, false);
    }

    Answered ask(int pasid, long iova, boolean noWrite, boolean executes, boolean privileged) {
        AtsStatus status = iommu.translationRequest(DEVICE, pasid, iova, 4096, noWrite, executes, privileged);
        Answered answer = answers.get(answers.size() - 1);
        if (status != answer.status()) {
            throw new AssertionError("expected " + answer.status() + ", found " + status);
        }
        return answer;
    }

    /** A request of {@link #DEVICE} that is translated already. */
    Translation pretranslated(long address, AccessKind access) {
        iommu.translatedDma(DEVICE, EffectSink.NO_PASID, address, 4, access);
        return translations.get(translations.size() - 1);
    }

    Delivered interrupt(long address, int data) {
        iommu.interrupt(DEVICE, address, data);
        return interrupts.get(interrupts.size() - 1);
    }

    Logged lastEvent() {
        return events.get(events.size() - 1);
    }

    long status() {
        return iommu.register(0x2020);
    }

    long hash() {
        StateHasher hasher = new StateHasher();
        iommu.saveTo(hasher);
        return hasher.value();
    }

    private final class Notebook implements EffectSink {
        @Override
        public void commandFetched(int ringHead, int ringTail, long ringBase, long q0, long q1) {
            told.add("command " + (q0 >>> 60) + " at " + ringHead);
        }

        @Override
        public void commandNotRecorded(int ringHead, int ringTail, long ringBase) {
            told.add("command not recorded at " + ringHead);
        }

        @Override
        public void completionStore(long address, long data) {
            told.add("store " + Long.toHexString(address) + " " + data);
        }

        @Override
        public void translationsInvalidated(int domain, long address, long sizeBytes, int pages) {
            told.add("dropped domain " + domain + " " + Long.toHexString(address) + " size " + sizeBytes + " pages "
                    + pages);
        }

        @Override
        public void deviceTableEntry(
                int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
            told.add("entry of " + requester + (fromCache ? " from cache" : " from memory"));
        }

        @Override
        public void walkStep(int level, long entryAddress, long entry) {
            told.add("step " + level + " " + Long.toHexString(entryAddress));
        }

        @Override
        public void guestWalkStep(GuestTable table, int level, long entryAddress, long entry) {
            told.add(table + " step " + level + " " + Long.toHexString(entryAddress));
        }

        @Override
        public void walkCacheHit(WalkCache cache, int level, int domain, long address) {
            told.add("hit " + cache + " " + level);
        }

        @Override
        public void tableEntryMarked(long entryAddress, long oldEntry, long newEntry) {
            told.add("marked " + Long.toHexString(entryAddress) + " " + Long.toHexString(oldEntry ^ newEntry));
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
            translations.add(new Translation(decision, domain, result, pageShift, rights, cacheHit));
        }

        @Override
        public void translationAnswer(
                int requester,
                int pasid,
                long address,
                AtsStatus status,
                TranslationDecision decision,
                int domain,
                long result,
                int pageShift,
                int bits,
                boolean cacheHit) {
            answers.add(new Answered(status, decision, domain, result, pageShift, bits, cacheHit));
            for (EffectSink device : devices) {
                device.translationAnswer(
                        requester, pasid, address, status, decision, domain, result, pageShift, bits, cacheHit);
            }
        }

        @Override
        public void deviceInvalidation(
                int requester, int pasid, long address, long sizeBytes, int type, int queue, int mostPending, int tag) {
            told.add("invalidation of " + Integer.toHexString(requester) + " pasid " + pasid + " "
                    + Long.toHexString(address) + " size " + sizeBytes + " type " + type + " queue " + queue + " most "
                    + mostPending + " tag " + tag);
            for (EffectSink device : devices) {
                device.deviceInvalidation(requester, pasid, address, sizeBytes, type, queue, mostPending, tag);
            }
        }

        @Override
        public void deviceInvalidationEnded(int requester, int tag, boolean timedOut) {
            told.add((timedOut ? "late " : "answered ") + Integer.toHexString(requester) + " tag " + tag);
        }

        @Override
        public void logEntry(LogKind log, int ringOffset, long q0, long q1, boolean written) {
            events.add(new Logged(ringOffset, q0, q1, written));
        }

        @Override
        public void guestCommandFetched(int guest, int ringHead, int ringTail, long q0, long q1) {
            told.add("guest " + guest + " command " + (q0 >>> 60) + " at " + ringHead);
        }

        @Override
        public void guestCompletionStore(int guest, long guestAddress, long address, long data) {
            told.add("guest " + guest + " store " + Long.toHexString(guestAddress) + " at " + Long.toHexString(address)
                    + " " + data);
        }

        @Override
        public void guestLogEntry(int guest, LogKind log, int ringOffset, long q0, long q1, boolean written) {
            guestEvents.add(new GuestLogged(guest, log, ringOffset, q0, q1, written));
        }

        @Override
        public void guestInterrupt(int guest, GuestSignal signal) {
            told.add("guest " + guest + " interrupt " + signal);
        }

        @Override
        public void privateWalkStep(int guest, int level, long entryAddress, long entry) {
            told.add("private " + guest + " level " + level + " " + Long.toHexString(entryAddress));
        }

        @Override
        public void guestStopped(int guest) {
            told.add("guest " + guest + " stopped");
        }

        @Override
        public void guestReset(int guest, boolean isWhole) {
            told.add("guest " + guest + " reset " + (isWhole ? "all" : "part"));
        }

        @Override
        public void interrupt(
                int requester,
                InterruptDecision decision,
                long requestAddress,
                int requestData,
                long deliveredAddress,
                int deliveredData,
                int irteBytes,
                long irteAddress,
                long irteLow,
                long irteHigh) {
            interrupts.add(new Delivered(decision, deliveredAddress, deliveredData, irteBytes, irteAddress));
        }

        @Override
        public void pageResponse(int requester, int pasid, int tagOrGroup, int code) {
            told.add("response to " + requester + " pasid " + pasid + " group " + tagOrGroup + " code " + code);
        }

        @Override
        public void guestDoorbell(int requester, int destination, int vector) {
            told.add("doorbell from " + requester + " to " + Integer.toHexString(destination) + " vector " + vector);
        }

        @Override
        public void ownInterrupt(OwnInterrupt source, long address, int data) {
            told.add("own " + source);
            ownMessages.add(new OwnMessage(source, address, data));
        }

        @Override
        public void performanceEvent(PerformanceEvent event, int requester, int domain, int pasid) {
            counted.add(event);
        }

        @Override
        public void memoryFailure(MemoryUse use, long address, MemoryStatus status) {
            told.add("failure " + use + " " + Long.toHexString(address) + " " + status);
        }

        @Override
        public void notModelled(Feature feature, long detail) {
            told.add("not modelled " + feature);
        }
    }
}
