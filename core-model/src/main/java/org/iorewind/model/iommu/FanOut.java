package org.iorewind.model.iommu;

import java.util.Arrays;
import org.iorewind.model.memory.MemoryStatus;

/** Tells several listeners, in order. Telling allocates nothing. Not thread-safe. */
public final class FanOut implements EffectSink {
    private EffectSink[] sinks;

    /** Tells these listeners, in this order. */
    public FanOut(EffectSink... sinks) {
        this.sinks = sinks.clone();
    }

    /** Tells one more, after the others. Not to be called from a listener. */
    public void add(EffectSink sink) {
        sinks = Arrays.copyOf(sinks, sinks.length + 1);
        sinks[sinks.length - 1] = sink;
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        for (EffectSink sink : sinks) {
            sink.commandFetched(ringHead, ringTail, ringBase, qword0, qword1);
        }
    }

    @Override
    public void commandNotRecorded(int ringHead, int ringTail, long ringBase) {
        for (EffectSink sink : sinks) {
            sink.commandNotRecorded(ringHead, ringTail, ringBase);
        }
    }

    @Override
    public void completionStore(long address, long data) {
        for (EffectSink sink : sinks) {
            sink.completionStore(address, data);
        }
    }

    @Override
    public void translationsInvalidated(int domain, long address, long sizeBytes, int pages) {
        for (EffectSink sink : sinks) {
            sink.translationsInvalidated(domain, address, sizeBytes, pages);
        }
    }

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        for (EffectSink sink : sinks) {
            sink.deviceTableEntry(requester, entryAddress, q0, q1, q2, q3, fromCache);
        }
    }

    @Override
    public void walkStep(int level, long entryAddress, long entry) {
        for (EffectSink sink : sinks) {
            sink.walkStep(level, entryAddress, entry);
        }
    }

    @Override
    public void guestWalkStep(GuestTable table, int level, long entryAddress, long entry) {
        for (EffectSink sink : sinks) {
            sink.guestWalkStep(table, level, entryAddress, entry);
        }
    }

    @Override
    public void walkCacheHit(WalkCache cache, int level, int domain, long address) {
        for (EffectSink sink : sinks) {
            sink.walkCacheHit(cache, level, domain, address);
        }
    }

    @Override
    public void walkCacheMiss(WalkCache cache, int domain, long address) {
        for (EffectSink sink : sinks) {
            sink.walkCacheMiss(cache, domain, address);
        }
    }

    @Override
    public void pageResponse(int requester, int pasid, int tagOrGroup, int code) {
        for (EffectSink sink : sinks) {
            sink.pageResponse(requester, pasid, tagOrGroup, code);
        }
    }

    @Override
    public void guestDoorbell(int requester, int destination, int vector) {
        for (EffectSink sink : sinks) {
            sink.guestDoorbell(requester, destination, vector);
        }
    }

    @Override
    public void tableEntryMarked(long entryAddress, long oldEntry, long newEntry) {
        for (EffectSink sink : sinks) {
            sink.tableEntryMarked(entryAddress, oldEntry, newEntry);
        }
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
        for (EffectSink sink : sinks) {
            sink.translation(requester, pasid, address, decision, domain, result, pageShift, rights, cacheHit);
        }
    }

    @Override
    public void requestDecided(
            int requester, long address, TranslationDecision decision, boolean isAnswered, boolean cacheHit) {
        for (EffectSink sink : sinks) {
            sink.requestDecided(requester, address, decision, isAnswered, cacheHit);
        }
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
        for (EffectSink sink : sinks) {
            sink.translationAnswer(
                    requester, pasid, address, status, decision, domain, result, pageShift, bits, cacheHit);
        }
    }

    @Override
    public void deviceInvalidation(
            int requester, int pasid, long address, long sizeBytes, int type, int queue, int mostPending, int tag) {
        for (EffectSink sink : sinks) {
            sink.deviceInvalidation(requester, pasid, address, sizeBytes, type, queue, mostPending, tag);
        }
    }

    @Override
    public void deviceInvalidationEnded(int requester, int tag, boolean timedOut) {
        for (EffectSink sink : sinks) {
            sink.deviceInvalidationEnded(requester, tag, timedOut);
        }
    }

    @Override
    public void logEntry(LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        for (EffectSink sink : sinks) {
            sink.logEntry(log, ringOffset, qword0, qword1, written);
        }
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
        for (EffectSink sink : sinks) {
            sink.interrupt(
                    requester,
                    decision,
                    requestAddress,
                    requestData,
                    deliveredAddress,
                    deliveredData,
                    irteBytes,
                    irteAddress,
                    irteLow,
                    irteHigh);
        }
    }

    @Override
    public void prefetched(
            int requester, int pasid, long address, TranslationDecision decision, int domain, boolean cacheHit) {
        for (EffectSink sink : sinks) {
            sink.prefetched(requester, pasid, address, decision, domain, cacheHit);
        }
    }

    @Override
    public void ownInterrupt(OwnInterrupt source, long address, int data) {
        for (EffectSink sink : sinks) {
            sink.ownInterrupt(source, address, data);
        }
    }

    @Override
    public void performanceEvent(PerformanceEvent event, int requester, int domain, int pasid) {
        for (EffectSink sink : sinks) {
            sink.performanceEvent(event, requester, domain, pasid);
        }
    }

    @Override
    public void memoryFailure(MemoryUse use, long address, MemoryStatus status) {
        for (EffectSink sink : sinks) {
            sink.memoryFailure(use, address, status);
        }
    }

    @Override
    public void notModelled(Feature feature, long detail) {
        for (EffectSink sink : sinks) {
            sink.notModelled(feature, detail);
        }
    }

    @Override
    public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
        for (EffectSink sink : sinks) {
            sink.guestCommandFetched(guest, ringHead, ringTail, qword0, qword1);
        }
    }

    @Override
    public void guestCompletionStore(int guest, long guestAddress, long address, long data) {
        for (EffectSink sink : sinks) {
            sink.guestCompletionStore(guest, guestAddress, address, data);
        }
    }

    @Override
    public void guestLogEntry(int guest, LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        for (EffectSink sink : sinks) {
            sink.guestLogEntry(guest, log, ringOffset, qword0, qword1, written);
        }
    }

    @Override
    public void guestInterrupt(int guest, GuestSignal signal) {
        for (EffectSink sink : sinks) {
            sink.guestInterrupt(guest, signal);
        }
    }

    @Override
    public void privateWalkStep(int guest, int level, long entryAddress, long entry) {
        for (EffectSink sink : sinks) {
            sink.privateWalkStep(guest, level, entryAddress, entry);
        }
    }

    @Override
    public void guestStopped(int guest) {
        for (EffectSink sink : sinks) {
            sink.guestStopped(guest);
        }
    }

    @Override
    public void guestReset(int guest, boolean isWhole) {
        for (EffectSink sink : sinks) {
            sink.guestReset(guest, isWhole);
        }
    }
}
