package org.iorewind.bench;

import java.util.concurrent.TimeUnit;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.memory.SparseMemory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Translation of one DMA request by the model as the specification describes it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TranslateBenchmark {
    private static final int REQUESTER = 0x30;
    private static final long DEVICE_TABLE = 0x10_0000L;
    private static final long TABLES = 0x20_0000L;
    private static final long PRESENT_RW = 3L << 61 | 1;
    private static final int LEVELS = 4;
    /** Pages touched by the walk figure: far more than the IOTLB holds, one behind the other. */
    private static final int PAGES = 1 << 16;

    private final SparseMemory memory = SparseMemory.zeroFilled();
    private final Iommu iommu = new Iommu(IommuOptions.of(Profile.SPEC), memory, EffectSink.NONE);
    private long next;

    /** A device with a four-level table that maps 2^16 pages. */
    @Setup
    public void build() {
        long entry = DEVICE_TABLE + REQUESTER * 32L;
        memory.writeLong(entry, TABLES | (long) LEVELS << 9 | 3L << 61 | 3);
        memory.writeLong(entry + 8, 1);
        memory.writeLong(TABLES, pointer(1, 3));
        memory.writeLong(table(1), pointer(2, 2));
        for (int i = 0; i < PAGES / 512; i++) {
            memory.writeLong(table(2) + 8L * i, pointer(3 + i, 1));
            for (int k = 0; k < 512; k++) {
                memory.writeLong(table(3 + i) + 8L * k, 0x1_0000_0000L + ((long) i * 512 + k << 12) | PRESENT_RW);
            }
        }
        iommu.mmioWrite(0x0000, 8, DEVICE_TABLE);
        iommu.mmioWrite(0x0018, 8, 1);
        if (translate(0) != TranslationDecision.TRANSLATED) {
            throw new IllegalStateException("the benchmark's tables are wrong");
        }
    }

    private static long table(int number) {
        return TABLES + 4096L * number;
    }

    private static long pointer(int table, int level) {
        return table(table) | (long) level << 9 | PRESENT_RW;
    }

    private TranslationDecision translate(long page) {
        return iommu.dma(REQUESTER, EffectSink.NO_PASID, page << 12, 64, AccessKind.READ);
    }

    /** The IOTLB answers. */
    @Benchmark
    public TranslationDecision hit() {
        return translate(0);
    }

    /** The IOTLB misses: four levels are walked. */
    @Benchmark
    public TranslationDecision walk4() {
        next = next + 1 & PAGES - 1;
        return translate(next);
    }
}
