package org.iorewind.bench;

import java.util.concurrent.TimeUnit;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.cache.WalkCacheGeometry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Translation of one DMA request by the model as the specification describes it, and by the naive peer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TranslateBenchmark {
    /** Pages touched one behind the other: far more than the IOTLB holds, so that it always misses. */
    private static final int PAGES = 1 << 14;

    private static final IommuOptions CACHED = IommuOptions.of(Profile.SPEC);
    private static final IommuOptions COLD =
            CACHED.toBuilder().walkCaches(WalkCacheGeometry.OFF).build();

    /** Host tables, no caches but the IOTLB and that of device table entries. */
    @State(Scope.Thread)
    public static class Walked {
        private final TranslationTables tables = new TranslationTables(COLD, PAGES, TranslationTables.Kind.HOST);
    }

    /** Guest and host tables, the caches of the profile. */
    @State(Scope.Thread)
    public static class Nested {
        private final TranslationTables tables = new TranslationTables(CACHED, PAGES, TranslationTables.Kind.NESTED);
    }

    /** The same of a device of a guest of hardware vIOMMU. */
    @State(Scope.Thread)
    public static class NestedVirtual {
        private final TranslationTables tables = new TranslationTables(CACHED, PAGES, TranslationTables.Kind.VIRTUAL);
    }

    /** Guest and host tables without caches of walks. */
    @State(Scope.Thread)
    public static class NestedCold {
        private final TranslationTables tables = new TranslationTables(COLD, PAGES, TranslationTables.Kind.NESTED);
    }

    private long page;

    private long next() {
        page = page + 1 & PAGES - 1;
        return page;
    }

    /** The IOTLB answers. */
    @Benchmark
    public TranslationDecision hit(Walked state) {
        return state.tables.translate(0);
    }

    /** The IOTLB misses: four levels are walked. */
    @Benchmark
    public TranslationDecision walk4(Walked state) {
        return state.tables.translate(next());
    }

    /** The peer walks four levels. */
    @Benchmark
    public long peerWalk4(Walked state) {
        return state.tables.peerWalk(next());
    }

    /** The IOTLB misses; the caches of walks mostly hit. */
    @Benchmark
    public TranslationDecision nested(Nested state) {
        return state.tables.translate(next());
    }

    /** The same of a device of a guest of hardware vIOMMU. */
    @Benchmark
    public TranslationDecision nestedVirtual(NestedVirtual state) {
        return state.tables.translate(next());
    }

    /** The IOTLB misses: one GCR3 entry and four guest levels, each but the first by way of four host levels. */
    @Benchmark
    public TranslationDecision nestedCold(NestedCold state) {
        return state.tables.translate(next());
    }

    /** The peer walks as much. */
    @Benchmark
    public long peerNested(NestedCold state) {
        return state.tables.peerNested(next());
    }
}
