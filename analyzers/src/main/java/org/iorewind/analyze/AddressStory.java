package org.iorewind.analyze;

import org.iorewind.model.iommu.Probe;
import org.iorewind.replay.ReplayListener;
import org.jspecify.annotations.Nullable;

/**
 * What happened to the address of one request, in the space in which it was looked up: told apart as reports tell it, by stage,
 * DomainID, GuestID, PASID and root. What other tables said of the same number, where the device was before, is no part of it.
 *
 * <pre>
 *   domain 5   map ──────────────── (device leaves)                    another space: elsewhere()
 *   domain 6                        (device comes)  map ── unmap ── flush ── request refused
 *                                                  mapped() unmapped() flushedAt()
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class AddressStory {
    private final AddressHistory history;
    private final HistoryWatcher watcher;

    /**
     * A change of what tables say of the address.
     *
     * @param sequence of the event that made it
     * @param before what they said, such as {@code 0x123000 rights 3 domain 5}
     * @param after what they say from then on
     */
    public record Turn(long sequence, String before, String after) {}

    /**
     * Another space in which the address was mapped.
     *
     * @param space in words
     * @param mapping what mapped it there last
     * @param leftAt sequence number of the event with which the device left it, or 0
     */
    public record Elsewhere(String space, Turn mapping, long leftAt) {}

    private AddressStory(AddressHistory history, long until) {
        this.history = history;
        watcher = new HistoryWatcher(history, until);
    }

    /**
     * A story of which nothing is known yet.
     *
     * @param request sequence number of the request, with which the story ends
     * @param iommu number of the IOMMU
     * @param requester DeviceID
     * @param pasid PASID or {@link org.iorewind.model.iommu.EffectSink#NO_PASID}
     * @param address as issued by the device
     * @param probe what the tables say of it at the request
     * @param usedEntry the device table entry that the IOMMU used for it, as of {@link UsedEntry}
     */
    public static AddressStory of(
            long request, int iommu, int requester, int pasid, long address, Probe probe, long[] usedEntry) {
        DeviceSpace wanted = DeviceSpace.lookedUp(probe, usedEntry, pasid);
        return new AddressStory(new AddressHistory(iommu, requester, pasid, address, wanted), request);
    }

    /** Has to hear a replay, from its start to the request. */
    public ReplayListener listener() {
        return watcher;
    }

    /** What mapped it last, or null if nothing did. */
    public @Nullable Turn mapped() {
        return history.life().mapping();
    }

    /** What ended that mapping, or null if nothing did. */
    public @Nullable Turn unmapped() {
        return history.life().unmapping();
    }

    /** What changed last what the tables say of it, rights too, or null if nothing did. */
    public @Nullable Turn changed() {
        return history.life().change();
    }

    /** Whether the mapping ended while the device was in another space: the event of its end is the one with which it came back. */
    public boolean isUnmappedAway() {
        return history.life().isUnmappedAway();
    }

    /** The first event behind the end of the mapping that dropped what was cached of it; -1 if there is none. */
    public long flushedAt() {
        return history.life().flushedAt();
    }

    /** Whether the recorded device was seen to use it. */
    public boolean wasUsed() {
        return history.life().wasUsed();
    }

    /** The other space in which it was mapped last, or null. */
    public @Nullable Elsewhere elsewhere() {
        AddressLife life = history.elsewhere();
        Turn mapping = life == null ? null : life.mapping();
        return life == null || mapping == null
                ? null
                : new Elsewhere(life.space().describe(), mapping, life.leftAt());
    }

    /** The space in words, such as {@code domain 0x5, host tables at 0x300000}. */
    public String space() {
        return history.life().space().describe();
    }
}
