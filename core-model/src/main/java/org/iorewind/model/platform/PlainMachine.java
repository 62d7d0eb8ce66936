package org.iorewind.model.platform;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.FanOut;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.PageRequestDecision;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.memory.MemoryWindow;
import org.iorewind.model.memory.SparseMemory;

/**
 * A machine that nobody records: memory that reads zero where nothing was written, and its IOMMUs. Markers and exits are
 * forgotten. Not thread-safe.
 */
public final class PlainMachine implements SystemBus {
    private static final int SMALLEST_PAGE_SHIFT = 12;

    private final SparseMemory memory = SparseMemory.zeroFilled();
    private final List<Iommu> iommus = new ArrayList<>();
    private final List<FanOut> listeners = new ArrayList<>();
    private long target;

    /** A machine with memory and nothing else. */
    public PlainMachine() {}

    /** The memory. */
    public SparseMemory memory() {
        return memory;
    }

    /** An IOMMU by its number. */
    public Iommu iommu(int number) {
        return iommus.get(number);
    }

    @Override
    public long load(long address) {
        return memory.peek(address);
    }

    @Override
    public void store(int guest, MemoryRole role, long address, long... words) {
        for (int i = 0; i < words.length; i++) {
            memory.writeLong(address + (long) Long.BYTES * i, words[i]);
        }
    }

    @Override
    public void clear(int guest, MemoryRole role, long address, long bytes) {
        for (long done = 0; done < bytes; done += Long.BYTES) {
            if (memory.peek(address + done) != 0) {
                memory.writeLong(address + done, 0);
            }
        }
    }

    @Override
    public void deviceStore(long address, long word) {
        memory.writeLong(address, word);
    }

    @Override
    public void writeRegister(int guest, int iommu, RegisterSpace space, int offset, int sizeBytes, long value) {
        iommus.get(iommu).write(space, offset, sizeBytes, value);
    }

    @Override
    public long readRegister(int guest, int iommu, RegisterSpace space, int offset, int sizeBytes) {
        return iommus.get(iommu).read(space, offset, sizeBytes);
    }

    @Override
    public TranslationDecision dma(
            int iommu, int requester, int pasid, long address, int lengthBytes, AccessKind access) {
        return iommus.get(iommu).dma(requester, pasid, address, lengthBytes, access);
    }

    @Override
    public TranslationDecision translatedDma(
            int iommu, int requester, int pasid, long address, int lengthBytes, AccessKind access) {
        return iommus.get(iommu).translatedDma(requester, pasid, address, lengthBytes, access);
    }

    @Override
    public long target() {
        return target;
    }

    @Override
    public AtsStatus translationRequest(
            int iommu, int requester, int pasid, long address, int lengthBytes, boolean noWrite) {
        return iommus.get(iommu).translationRequest(requester, pasid, address, lengthBytes, noWrite, false, false);
    }

    @Override
    public void invalidationResponse(int iommu, int requester, int tags) {
        iommus.get(iommu).invalidationResponse(requester, tags);
    }

    @Override
    public PageRequestDecision pageRequest(
            int iommu, int requester, int pasid, long address, int rights, int group, boolean last) {
        return iommus.get(iommu).pageRequest(requester, pasid, address, rights, group, last);
    }

    @Override
    public InterruptDecision interrupt(int iommu, int requester, long address, int data) {
        return iommus.get(iommu).interrupt(requester, address, data);
    }

    @Override
    public void inject(int iommu, HardwareFault fault) {
        switch (fault.kind()) {
            case MEMORY_ABORTS -> memory.injectFailure(fault.address(), fault.bytes(), MemoryStatus.ABORT);
            case MEMORY_POISONED -> memory.injectFailure(fault.address(), fault.bytes(), MemoryStatus.POISON);
            case MEMORY_HEALED -> memory.heal(fault.address(), fault.bytes());
            case DEVICE_SILENT -> iommus.get(iommu).deviceStopsAnswering((int) fault.value());
            default -> iommus.get(iommu).forceLogEntry(fault.address(), fault.value());
        }
    }

    @Override
    public int addIommu(IommuDescription description) {
        MemoryPort seen = description.memoryBytes() == 0
                ? memory
                : new MemoryWindow(memory, description.memoryBase(), description.memoryBytes());
        return add(description.options(), seen);
    }

    /** Puts one more IOMMU into the machine that sees all of its memory, of any kind that the model has. */
    public int addIommu(IommuOptions options) {
        return add(options, memory);
    }

    private int add(IommuOptions options, MemoryPort seen) {
        FanOut fan = new FanOut(new Targets());
        listeners.add(fan);
        iommus.add(new Iommu(options, seen, fan));
        return iommus.size() - 1;
    }

    @Override
    public void listen(int iommu, EffectSink listener) {
        listeners.get(iommu).add(listener);
    }

    @Override
    public void vmExit(int guest, ExitCause cause, long address) {}

    @Override
    public void enter(int guest, String call, int requester, long iova, long physical, long size) {}

    @Override
    public void leave(int guest, String call, int result) {}

    @Override
    public void note(int guest, String call, int requester, long iova, long physical, long size) {}

    @Override
    public void phase(String name, boolean begins) {}

    /** Keeps where the last request leads. */
    private final class Targets implements EffectSink {
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
            target = result | address & (1L << Math.max(pageShift, SMALLEST_PAGE_SHIFT)) - 1;
        }
    }
}
