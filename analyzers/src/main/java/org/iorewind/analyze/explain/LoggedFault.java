package org.iorewind.analyze.explain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Like faults at neighbouring addresses, explained. Numbers that the log does not tell are null.
 *
 * @param kind the event's name as kernels print it, or the name of a notice: {@code COMPLETION_WAIT_TIMEOUT}
 * @param device requester with its segment, {@code 0000:01:00.0}; empty if the event names none
 * @param driver that had the device when the fault was printed; {@code pci} means none; empty if not printed
 * @param iommu that printed it, {@code ivhd0}; empty if not printed
 * @param firstAddress lowest address
 * @param lastAddress highest address
 * @param scattered whether there were too many places to keep apart
 * @param access {@code read}, {@code write}, {@code interrupt}, {@code execute}, {@code command} or {@code unknown access}
 * @param domain DomainID, low 16 bits
 * @param pasid PASID
 * @param flags twelve bits
 * @param flagBits decoded
 * @param count how many were logged
 * @param firstTimeNs of the first, ns since the session's start
 * @param lastTimeNs of the last
 * @param sequence event of the first
 * @param lastSequence event of the last
 * @param summary one or two sentences: who, where, what
 * @param details what else the log shows of it, such as a dumped table entry, decoded
 * @param causes most likely first
 * @param cannotTell what the log cannot tell about it
 */
public record LoggedFault(
        String kind,
        String device,
        String driver,
        String iommu,
        @Nullable Long firstAddress,
        @Nullable Long lastAddress,
        boolean scattered,
        String access,
        @Nullable Integer domain,
        @Nullable Integer pasid,
        @Nullable Integer flags,
        List<FlagBit> flagBits,
        long count,
        long firstTimeNs,
        long lastTimeNs,
        long sequence,
        long lastSequence,
        String summary,
        List<String> details,
        List<Cause> causes,
        List<String> cannotTell) {}
