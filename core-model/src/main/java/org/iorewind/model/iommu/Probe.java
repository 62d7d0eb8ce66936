package org.iorewind.model.iommu;

import java.util.List;

/**
 * What the tables in memory say about one address at this moment, caches left out.
 *
 * @param decision what an access of unknown kind would meet
 * @param domain DomainID, -1 when no device table entry was consulted
 * @param isGuest whether guest tables translate the address, or would have to
 * @param result start of the page (system physical address); 0 unless translated or passed
 * @param pageShift log2 of the page size in bytes; 0 unless translated
 * @param rights 1 read, 2 write
 * @param deviceEntryAddress system physical address of the device table entry; 0 when none was consulted
 * @param deviceEntry its four quadwords, or empty
 * @param steps the entries of the walk, in order
 * @param stoppedAt address of the entry that could not be read, so that the probe ended there; 0 if none
 * @param reason a short sentence that explains the decision
 */
public record Probe(
        TranslationDecision decision,
        int domain,
        boolean isGuest,
        long result,
        int pageShift,
        int rights,
        long deviceEntryAddress,
        long[] deviceEntry,
        List<ProbeStep> steps,
        long stoppedAt,
        String reason) {}
