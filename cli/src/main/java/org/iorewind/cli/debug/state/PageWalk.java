package org.iorewind.cli.debug.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.ProbeStep;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.trace.schema.EventTable;

/**
 * The way of an address through the tables in memory, entry by entry, with the section of AMD publication 48882 that
 * describes it. Caches are not asked.
 */
public final class PageWalk {
    /** Sections of AMD publication 48882. */
    private static final String DEVICE_TABLE_SECTION = "2.2.2";

    private static final String HOST_SECTION = "2.2.3";
    private static final String GUEST_SECTION = "2.2.6";

    private PageWalk() {}

    /**
     * The walk as a tree.
     *
     * @param requester DeviceID
     * @param pasid PASID, or {@link EffectSink#NO_PASID}
     * @param address as the device issues it
     * @param probe what the tables said
     */
    public static Map<String, Object> of(int requester, int pasid, long address, Probe probe) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("device", EventTable.bdf(requester));
        tree.put("address", Notation.hex(address));
        if (pasid != EffectSink.NO_PASID) {
            tree.put("pasid", Notation.hex(pasid));
        }
        tree.put("steps", steps(probe, pasid));
        tree.put("decision", probe.decision().name());
        tree.put("reason", probe.reason());
        if (probe.domain() >= 0) {
            tree.put("domain", probe.domain());
        }
        if (probe.decision() == TranslationDecision.TRANSLATED) {
            long offset = address & (1L << probe.pageShift()) - 1;
            tree.put("result", Notation.hex(probe.result() + offset));
            tree.put("pageSize", Notation.hex(1L << probe.pageShift()));
            tree.put("rights", DeviceTree.rights(probe.rights()));
        }
        if (probe.stoppedAt() != 0) {
            tree.put("stoppedAt", Notation.hex(probe.stoppedAt()));
        }
        return tree;
    }

    /** The device table entry and the entries of the tables, in order. */
    public static List<Map<String, Object>> steps(Probe probe, int pasid) {
        List<Map<String, Object>> steps = new ArrayList<>();
        if (probe.deviceEntry().length > 0) {
            long low = probe.deviceEntry()[0];
            steps.add(step(
                    "DTE",
                    probe.deviceEntryAddress(),
                    low,
                    DeviceTree.rights(PageEntryDescriptor.rights(low)),
                    DeviceEntryDescriptor.describe(low, probe.deviceEntry()[1]),
                    DEVICE_TABLE_SECTION));
        }
        for (ProbeStep each : probe.steps()) {
            boolean isHost = pasid == EffectSink.NO_PASID;
            long entry = each.entry();
            String rights = isHost ? DeviceTree.rights(PageEntryDescriptor.rights(entry)) : "";
            steps.add(step(
                    "level " + each.level(),
                    each.entryAddress(),
                    entry,
                    rights,
                    each.meaning(),
                    isHost ? HOST_SECTION : GUEST_SECTION));
        }
        return steps;
    }

    private static Map<String, Object> step(
            String name, long address, long entry, String rights, String meaning, String section) {
        Map<String, Object> step = new LinkedHashMap<>();
        step.put("entry", name);
        step.put("address", Notation.hex(address));
        step.put("value", Notation.hex(entry));
        step.put("rights", rights);
        step.put("meaning", meaning);
        step.put("section", section);
        return step;
    }
}
