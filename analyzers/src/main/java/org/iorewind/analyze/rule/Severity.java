package org.iorewind.analyze.rule;

import java.util.Locale;

/** How serious a finding is, the least first. */
public enum Severity {
    /** Worth knowing: no mistake, or none that does harm. Does not change the exit code. */
    INFO,
    /** Most likely a mistake, or a protection that is missing. */
    WARNING,
    /** A mistake by which a device can reach what it must not, or by which the protocol is broken. */
    ERROR;

    /** As in JSON. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
