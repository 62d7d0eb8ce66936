package org.iorewind.cli.debug.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.cache.CachedTranslation;
import org.iorewind.trace.schema.EventTable;

/** What the IOTLB holds, by domain, PASID and address. */
public final class CacheTree {
    private static final Comparator<CachedTranslation> ORDER = Comparator.comparingInt(CachedTranslation::domain)
            .thenComparingInt(CachedTranslation::pasid)
            .thenComparing(CachedTranslation::address, Long::compareUnsigned)
            .thenComparingInt(CachedTranslation::requester);

    private CacheTree() {}

    /** The cached translations. */
    public static List<Map<String, Object>> of(Iommu iommu) {
        List<CachedTranslation> entries = new ArrayList<>(iommu.cachedTranslations());
        entries.sort(ORDER);
        List<Map<String, Object>> trees = new ArrayList<>();
        for (CachedTranslation entry : entries) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("domain", entry.domain());
            tree.put("device", entry.requester() < 0 ? "any" : EventTable.bdf(entry.requester()));
            tree.put("pasid", entry.pasid() == EffectSink.NO_PASID ? "none" : Notation.hex(entry.pasid()));
            tree.put("address", Notation.hex(entry.address()));
            tree.put("result", entry.isNotPresent() ? "not present" : Notation.hex(entry.result()));
            tree.put("pageSize", entry.isPassed() ? "passed" : Notation.hex(1L << entry.pageShift()));
            tree.put("rights", DeviceTree.rights(entry.rights()));
            trees.add(tree);
        }
        return trees;
    }
}
