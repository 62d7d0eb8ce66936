package org.iorewind.analyze;

import java.util.List;

/**
 * One group of like faults (same device, same page, same cause, one after the other), explained.
 *
 * @param sequence first refused request of the group
 * @param lastSequence last one
 * @param count how many
 * @param timeNs time of the first, ns since the session's start
 * @param iommu number of the IOMMU that refused
 * @param device requester, {@code 00:06.0}
 * @param pasid PASID of the request, -1 for none
 * @param firstAddress lowest address asked for
 * @param lastAddress highest one
 * @param access {@code read}, {@code write}, {@code atomic access}, {@code translation request}, or {@code unknown access} when
 *     the source does not say
 * @param domain DomainID of the device, -1 if unknown
 * @param verdict the conclusion
 * @param summary one or two sentences for people: who, where, what, why
 * @param flags what the hardware's event log entry says, decoded in words; empty when not known
 * @param walk the way through the tables, one line a step; empty when memory was not recorded
 * @param steps the same way entry by entry, to be drawn
 * @param history what happened to this address before, oldest first
 * @param cannotTell what this recording cannot tell about the fault
 * @param next what to do next
 * @param event name of the event that was logged for it, or that the model would log; {@code IO_PAGE_FAULT} if neither is known
 */
public record FaultExplanation(
        long sequence,
        long lastSequence,
        long count,
        long timeNs,
        int iommu,
        String device,
        int pasid,
        long firstAddress,
        long lastAddress,
        String access,
        int domain,
        Verdict verdict,
        String summary,
        List<String> flags,
        List<String> walk,
        List<WalkStep> steps,
        List<Happening> history,
        List<String> cannotTell,
        List<String> next,
        String event) {

    /**
     * Something that happened to the address.
     *
     * @param sequence of the event
     * @param timeNs of the event
     * @param what one line
     */
    public record Happening(long sequence, long timeNs, String what) {}

    /**
     * An entry that the walk read.
     *
     * @param table what it stands in: {@code device table}, {@code level 3}
     * @param address of the entry
     * @param entry its content in words
     * @param meaning what follows from it
     */
    public record WalkStep(String table, long address, String entry, String meaning) {}
}
