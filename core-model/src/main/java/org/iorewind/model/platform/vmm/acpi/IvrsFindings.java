package org.iorewind.model.platform.vmm.acpi;

import java.util.ArrayList;
import java.util.List;

/** Collects findings up to a bound. Not thread-safe. */
final class IvrsFindings {
    private static final int MOST = 256;

    private final List<IvrsFinding> findings = new ArrayList<>();

    void add(IvrsProblem problem, String where, String expected, String found) {
        if (findings.size() < MOST) {
            findings.add(new IvrsFinding(problem, where, expected, found));
        } else if (findings.size() == MOST) {
            findings.add(new IvrsFinding(IvrsProblem.MORE, where, "a sound table", "more than " + MOST + " problems"));
        }
    }

    List<IvrsFinding> all() {
        return List.copyOf(findings);
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
