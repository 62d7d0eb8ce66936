package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.ats.AtsAnswerDescriptor;
import org.iorewind.model.iommu.table.GuestEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;

/**
 * Answers the translation requests of devices (reference 7.1).
 *
 * <p>A request is answered once, for the page that holds its address, however long it is (MC-166). A request without the
 * wish to write gets no right to write (MC-167). What passes untranslated is answered with its own address, 4 KiB of it. FC
 * of a page, or Mode0FC without host tables, gives N; U and G of the tables give U and Global (MC-168). DTE[Cache],
 * PrivAbrtEn and SD are not looked at (MC-169).
 *
 * <p>Not thread-safe; allocates nothing.
 */
public final class TranslationRequests {
    private final Translator translator;
    private final EffectSink effects;

    /** Binds the parts. */
    public TranslationRequests(Translator translator, EffectSink effects) {
        this.translator = translator;
        this.effects = effects;
    }

    /**
     * Answers one request and tells the sink.
     *
     * @param requester DeviceID, 0 to 65535
     * @param pasid PASID or {@link EffectSink#NO_PASID}
     * @param address any address of the page
     * @param noWrite NW: the device does not ask for the right to write
     * @param executes whether it asks for the right to execute; only with a PASID
     * @param privileged whether it asks for the rights of a supervisor; only with a PASID, and where EFR has USSup
     */
    public AtsStatus answer(
            int requester, int pasid, long address, boolean noWrite, boolean executes, boolean privileged) {
        TranslationDecision decision =
                translator.find(RequestKind.TRANSLATION, requester, pasid, address, !noWrite, executes, privileged);
        Answer answer = translator.answer();
        int bits = bits(answer, decision, noWrite);
        boolean grants = AtsAnswerDescriptor.grants(bits);
        int shift = Math.max(answer.pageShift(), PageEntryDescriptor.SMALLEST_SHIFT);
        effects.translationAnswer(
                requester,
                pasid,
                address,
                answer.status(),
                decision,
                answer.domain(),
                grants ? answer.result() : 0,
                grants ? shift : 0,
                bits,
                answer.isHit());
        return answer.status();
    }

    /** Rights and attributes; 0 when nothing is granted. */
    private int bits(Answer answer, TranslationDecision decision, boolean noWrite) {
        MemoryRequest request = translator.request();
        int tables = answer.tableRights();
        boolean isGuest = answer.isGuest() && decision == TranslationDecision.TRANSLATED;
        int rights = answer.rights() & (noWrite ? ~AtsAnswerDescriptor.WRITE : -1);
        if (isGuest && translator.isSupervisorPage() || !AtsAnswerDescriptor.grants(rights)) {
            return 0;
        }
        boolean mayExecute = isGuest && request.isExecute() && (tables & GuestEntryDescriptor.RIGHT_EXECUTE) != 0;
        return rights
                | (mayExecute ? AtsAnswerDescriptor.EXECUTE : 0)
                | (request.isPrivileged() ? AtsAnswerDescriptor.PRIVILEGED : 0)
                | ((tables & PageEntryDescriptor.CACHED_UNTRANSLATED_ONLY) != 0
                        ? AtsAnswerDescriptor.UNTRANSLATED_ONLY
                        : 0)
                | ((tables & GuestEntryDescriptor.CACHED_GLOBAL) != 0 ? AtsAnswerDescriptor.GLOBAL : 0)
                | (isSnooped(answer) ? AtsAnswerDescriptor.SNOOPED : 0);
    }

    private boolean isSnooped(Answer answer) {
        return (answer.tableRights() & PageEntryDescriptor.CACHED_SNOOPED) != 0
                || translator.entry().mode() == 0 && translator.entry().isSnoopedWithoutHostTables();
    }
}
