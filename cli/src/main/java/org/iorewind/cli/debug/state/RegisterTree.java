package org.iorewind.cli.debug.state;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.replay.RegisterNames;

/** The host's registers (reference 1.3), by name, in the order of their offsets. */
public final class RegisterTree {
    private RegisterTree() {}

    /** The registers of an IOMMU. */
    public static Map<String, Object> of(Iommu iommu) {
        Map<Integer, String> names = new TreeMap<>();
        for (String name : RegisterNames.all()) {
            RegisterNames.offset(name).ifPresent(offset -> names.put(offset, name));
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        names.forEach((offset, name) -> tree.put(name, Notation.hex(iommu.register(offset))));
        return tree;
    }
}
