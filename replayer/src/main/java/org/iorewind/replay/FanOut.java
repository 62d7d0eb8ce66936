package org.iorewind.replay;

import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.PerformanceEvent;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.WalkCache;
import org.iorewind.model.memory.MemoryStatus;

/** Tells several listeners, in order. */
final class FanOut implements EffectSink {
    private final EffectSink[] sinks;

    FanOut(EffectSink... sinks) {
        this.sinks = sinks.clone();
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
}
