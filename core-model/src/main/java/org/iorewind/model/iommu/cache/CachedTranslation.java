package org.iorewind.model.iommu.cache;

/**
 * An entry of a cache of translations, for people and tests.
 *
 * @param requester DeviceID that it is kept for, or -1 where a DomainID alone is the key
 * @param domain DomainID
 * @param pasid PASID, or {@link org.iorewind.model.iommu.EffectSink#NO_PASID}
 * @param address first address of the 4 KiB frame that it answers for, as a device issues it
 * @param result start of the page, a system physical address; 0 if nothing is present
 * @param pageShift log2 of the size of the page in bytes; 0 if requests pass untranslated
 * @param rights 1 read, 2 write, and what else was inserted with them
 * @param isPassed whether it stands for a request that was passed, not translated
 * @param isNotPresent whether it says that nothing is mapped there
 */
public record CachedTranslation(
        int requester,
        int domain,
        int pasid,
        long address,
        long result,
        int pageShift,
        int rights,
        boolean isPassed,
        boolean isNotPresent) {}
