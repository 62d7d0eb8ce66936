package org.iorewind.model.platform.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.CommandQueue;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.Gcr3Table;
import org.iorewind.model.platform.driver.GuestPageTable;
import org.iorewind.model.platform.driver.HostPageTable;
import org.iorewind.model.platform.driver.IoPageTable;
import org.jspecify.annotations.Nullable;

/**
 * A domain of the host: its tables, its DomainID, and the devices whose entries lead to the tables. Below it, as nest parent,
 * stand the DomainIDs that guests of hardware vIOMMU use for it. Not thread-safe.
 */
public final class HostDomain {
    private static final int GUEST_LEVELS = 4;
    private static final int MOST_PENDING = 32;

    private final int id;
    private final IoPageTable tables;
    private final @Nullable Gcr3Table gcr3;
    private final Map<Integer, Member> members = new TreeMap<>();
    private final TreeSet<Integer> nested = new TreeSet<>();

    /** An empty domain with this DomainID. */
    HostDomain(DriverPort port, int id, HostOptions.TableFormat format) {
        this.id = id;
        if (format == HostOptions.TableFormat.V1) {
            this.tables = HostPageTable.ofThreeLevels(port);
            this.gcr3 = null;
        } else {
            this.tables = GuestPageTable.ofFourLevels(port);
            this.gcr3 = new Gcr3Table(port, 1);
            this.gcr3.set(0, tables.root());
        }
    }

    /** DomainID. */
    public int id() {
        return id;
    }

    /** Its tables. */
    IoPageTable tables() {
        return tables;
    }

    /** Where an address leads, or -1. */
    public long translate(long iova) {
        return tables.translate(iova);
    }

    /** The device table entry that leads to its tables. */
    DeviceEntryImage entry() {
        return gcr3 == null
                ? DeviceEntryImage.host(id, tables.root(), tables.levels())
                : DeviceEntryImage.guest(id, gcr3.root(), gcr3.levels(), GUEST_LEVELS, true);
    }

    /** Lets the entry of a DeviceID follow the tables: {@code shape} makes it of the plain one. */
    void join(int requester, boolean hasAts, UnaryOperator<DeviceEntryImage> shape) {
        members.put(requester, new Member(hasAts, shape));
    }

    /** Ends that. */
    void leave(int requester) {
        members.remove(requester);
    }

    /** Whether a member uses ATS. */
    boolean usesAts(int requester) {
        Member member = members.get(requester);
        return member != null && member.hasAts;
    }

    /** The entries of all members by DeviceID, as they should be. */
    Map<Integer, DeviceEntryImage> entries() {
        Map<Integer, DeviceEntryImage> result = new TreeMap<>();
        members.forEach((requester, member) -> result.put(requester, member.shape.apply(entry())));
        return result;
    }

    /** Adds a DomainID of a guest below this parent. */
    void addNested(int domain) {
        nested.add(domain);
    }

    /** Takes one away. */
    void removeNested(int domain) {
        nested.remove(domain);
    }

    /** DomainIDs below this parent. */
    public List<Integer> nested() {
        return new ArrayList<>(nested);
    }

    /** Whether a device or a guest uses it. */
    boolean isUsed() {
        return !members.isEmpty() || !nested.isEmpty();
    }

    /**
     * Drops what is cached of a span: under its own DomainID, under every one below it (amd-viommu reference 4.3, rule 5), and in
     * devices.
     */
    boolean flush(CommandQueue commands, AddressSpan span) {
        boolean withDirectories = tables.hasUnlinked() || span.equals(AddressSpan.EVERYTHING);
        commands.push(
                gcr3 == null
                        ? Command.invalidatePages(id, span, withDirectories)
                        : Command.invalidateGuestPages(id, 0, span, withDirectories));
        for (int domain : nested) {
            commands.push(Command.invalidatePages(domain, span, withDirectories));
        }
        members.forEach((requester, member) -> {
            if (member.hasAts) {
                commands.push(Command.invalidateDevicePages(requester, MOST_PENDING, EffectSink.NO_PASID, span));
            }
        });
        boolean isDone = commands.complete();
        tables.release();
        return isDone;
    }

    /** Gives the memory of the tables back. */
    void destroy() {
        tables.destroy();
        if (gcr3 != null) {
            gcr3.destroy();
        }
    }

    private record Member(boolean hasAts, UnaryOperator<DeviceEntryImage> shape) {}
}
