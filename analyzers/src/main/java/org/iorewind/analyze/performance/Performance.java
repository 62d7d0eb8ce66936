package org.iorewind.analyze.performance;

import java.util.List;

/**
 * Numbers of a whole recording. A {@code filter} selects the events behind a number, for {@code iorewind dump --filter}.
 *
 * @param spanNs from the first event to the last
 * @param operations what was mapped, unmapped, invalidated
 * @param commands by opcode
 * @param ring doorbells and waits
 * @param caches of the model
 * @param walkReads by table and level
 * @param pageSizes of mappings and of requests
 * @param reuse reuse distances of translations
 * @param devices those with the most requests first
 * @param domains those with the most requests first
 * @param windows from unmap to flush to next use
 */
public record Performance(
        long spanNs,
        List<Operation> operations,
        List<Command> commands,
        Ring ring,
        List<Cache> caches,
        List<WalkReads> walkReads,
        List<PageSize> pageSizes,
        Reuse reuse,
        List<Device> devices,
        List<Domain> domains,
        List<Window> windows) {
    /**
     * Something that software or devices did.
     *
     * @param name of it
     * @param count how often
     * @param bytes in all, -1 where it has none
     * @param filter of its events
     */
    public record Operation(String name, long count, long bytes, String filter) {}

    /**
     * A kind of command.
     *
     * @param name of the opcode
     * @param count how many were taken
     * @param filter of its events
     */
    public record Command(String name, long count, String filter) {}

    /**
     * The command rings.
     *
     * @param doorbells writes to a tail
     * @param commands taken
     * @param waits COMPLETION_WAITs
     * @param occupancy commands in the ring at a doorbell
     * @param waitNs from the doorbell to the store of a COMPLETION_WAIT, by the recording's clock
     * @param filter of the doorbells
     */
    public record Ring(
            long doorbells, long commands, long waits, Distribution occupancy, Distribution waitNs, String filter) {}

    /**
     * A cache.
     *
     * @param name of it
     * @param hits look-ups that found something
     * @param misses look-ups that did not
     * @param hitEvents events with such look-ups: one may have several
     * @param missEvents likewise
     * @param hitFilter of these events; needs a replay, under the same profile
     * @param missFilter likewise
     */
    public record Cache(
            String name,
            long hits,
            long misses,
            long hitEvents,
            long missEvents,
            String hitFilter,
            String missFilter) {}

    /**
     * Reads of table entries for requests of devices.
     *
     * @param table which kind
     * @param level of the table, 1 is the last
     * @param reads in all
     * @param requests of devices in all, to divide by
     * @param events with such reads: one may have several
     * @param filter of these events; needs a replay, under the same profile
     */
    public record WalkReads(String table, int level, long reads, long requests, long events, String filter) {}

    /**
     * A page size.
     *
     * @param shift log2 of the bytes
     * @param requests that were translated by pages of this size
     * @param events with such requests: one may be for several pages
     * @param filter of these events; needs a replay, under the same profile
     */
    public record PageSize(int shift, long requests, long events, String filter) {}

    /**
     * How many other pages a device uses before it comes back to one.
     *
     * @param distances in pages; those of first uses are not among them
     * @param firstUses of pages
     * @param hitsAt requests that a cache of so many entries with perfect LRU would answer
     */
    public record Reuse(Distribution distances, long firstUses, List<Capacity> hitsAt) {}

    /**
     * A cache of a size.
     *
     * @param entries its size
     * @param hits requests that it would answer
     */
    public record Capacity(int entries, long hits) {}

    /**
     * A device.
     *
     * @param iommu number of its IOMMU
     * @param device DeviceID
     * @param requests it issued
     * @param hits answered from the cache of translations
     * @param refused those that were not let through
     * @param walkReads for them
     * @param pages different pages it used, as far as they were followed
     * @param sliceNs length of a slice of {@code workingSet}
     * @param workingSet different pages in each slice of time, the largest of those that were merged
     * @param filter of its requests
     */
    public record Device(
            int iommu,
            int device,
            long requests,
            long hits,
            long refused,
            long walkReads,
            long pages,
            long sliceNs,
            List<Integer> workingSet,
            String filter) {}

    /**
     * A domain.
     *
     * @param iommu number of the IOMMU
     * @param domain DomainID
     * @param requests translated for it
     * @param invalidations of its pages, by the host or by a guest under a number of its own
     * @param filter of what became of its requests
     */
    public record Domain(int iommu, int domain, long requests, long invalidations, String filter) {}

    /**
     * A time between two steps of an unmap.
     *
     * @param id stable, as in JSON and in names of drawings
     * @param name of it
     * @param ns how long
     */
    public record Window(String id, String name, Distribution ns) {}
}
