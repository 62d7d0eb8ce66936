package org.iorewind.replay;

import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.ProbeStep;
import org.iorewind.model.iommu.TranslationDecision;
import org.jspecify.annotations.Nullable;

/** Numbers and states as people write them. */
public final class Words {
    private static final int COMMAND_BASE = 0x0008;
    private static final int CONTROL = 0x0018;
    private static final int COMMAND_HEAD = 0x2000;
    private static final int COMMAND_TAIL = 0x2008;
    private static final int STATUS = 0x2020;

    private Words() {}

    /** {@code 0x…}, without leading zeros. */
    public static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    /** 16 hexadecimal digits, as hashes are written. */
    public static String hex16(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }

    /** What tables say of an address, such as {@code 0x123000 rights 3 domain 5}. */
    public static String page(Probe probe) {
        return page(probe.decision(), probe.result(), probe.rights(), probe.domain());
    }

    /**
     * The same.
     *
     * @param result start of the page
     * @param rights 1 read, 2 write
     * @param domain DomainID, -1 for none
     */
    public static String page(TranslationDecision decision, long result, long rights, long domain) {
        return decision == TranslationDecision.TRANSLATED
                ? hex(result) + " rights " + rights + " domain " + domain
                : decision + " rights " + rights + (domain < 0 ? "" : " domain " + domain);
    }

    /** Why a request was refused: by the decision that was made, and by the tables as they are at that moment. */
    static String cause(Probe probe, TranslationDecision decision) {
        return switch (decision) {
            case NOT_RECORDED -> "refused by the recorded device; the tables are not in the recording";
            case NOT_MODELLED -> "refused by the recorded device; the model lacks what it would need to say why";
            case TRANSLATED, PASSED -> "refused by the recorded device; the model lets it pass";
            default ->
                probe.decision() == decision
                        ? probe.reason() + place(probe)
                        : "refused from a cached copy (" + decision + "); memory now says: " + probe.reason();
        };
    }

    private static String place(Probe probe) {
        if (probe.steps().isEmpty()) {
            return "";
        }
        ProbeStep last = probe.steps().get(probe.steps().size() - 1);
        return " (level " + last.level() + " entry at " + hex(last.entryAddress()) + ")";
    }

    static String state(Iommu iommu, @Nullable Prediction p) {
        StringBuilder out = new StringBuilder();
        out.append("control ").append(hex(iommu.register(CONTROL)));
        out.append(", status ").append(hex(iommu.register(STATUS)));
        out.append(", command base ").append(hex(iommu.register(COMMAND_BASE)));
        out.append(" head ").append(hex(iommu.register(COMMAND_HEAD)));
        out.append(" tail ").append(hex(iommu.register(COMMAND_TAIL)));
        if (p != null && p.requester != 0) {
            Probe probe = iommu.probe(p.requester, p.address);
            out.append("; tables: ").append(probe.reason());
            for (ProbeStep step : probe.steps()) {
                out.append("; level ").append(step.level()).append(' ').append(step.meaning());
            }
        }
        return out.toString();
    }
}
