package org.iorewind.model.iommu.ats;

import org.iorewind.model.iommu.AccessKind;

/**
 * The low bits of a translation completion, which say what the device may do with the page (reference 7.1).
 *
 * <pre>
 *   10  9      6   5      4    3    2  1  0
 *  ┌──┬─────────┬──────┬────┬─────┬──┬──┬──┐
 *  │ N│ reserved│Global│Priv│ Exe │ U│ W│ R│
 *  └──┴─────────┴──────┴────┴─────┴──┴──┴──┘
 * </pre>
 */
public final class AtsAnswerDescriptor {
    /** R: the page may be read. */
    public static final int READ = AccessKind.RIGHT_READ;
    /** W: the page may be written. */
    public static final int WRITE = AccessKind.RIGHT_WRITE;
    /** U: the page may be used by untranslated requests only. */
    public static final int UNTRANSLATED_ONLY = 1 << 2;
    /** Exe: the page may be executed. */
    public static final int EXECUTE = 1 << 3;
    /** Priv: the rights are those of supervisor requests. */
    public static final int PRIVILEGED = 1 << 4;
    /** Global: the translation serves all PASIDs of the device. */
    public static final int GLOBAL = 1 << 5;
    /** N: requests that use the translation are snooped whatever the device wants. */
    public static final int SNOOPED = 1 << 10;

    private AtsAnswerDescriptor() {}

    /** Whether an answer permits anything. */
    public static boolean grants(int bits) {
        return (bits & (READ | WRITE)) != 0;
    }
}
