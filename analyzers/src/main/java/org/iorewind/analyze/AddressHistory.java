package org.iorewind.analyze;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.ProbeStep;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.replay.Machine;
import org.jspecify.annotations.Nullable;

/**
 * The lives of one address of one device, one for each space in which the device's addresses were looked up: when tables began
 * and ceased to map it, when it was flushed and used. Looks at the tables again only when an entry on the address's way changes.
 * A device table entry is written in several stores; what it says half-way is nobody's intent, so that it counts when the
 * next event is none of them. Not thread-safe.
 */
final class AddressHistory {
    /** Spaces that are remembered; the one left longest ago goes first. */
    private static final int MOST_LIVES = 8;

    private final int iommu;
    private final int requester;
    private final int pasid;
    private final long address;
    private final DeviceSpace wanted;

    /** The one that the device is in last. */
    private final List<AddressLife> lives = new ArrayList<>();

    private long[] watched = new long[0];
    private long entryAddress;
    private @Nullable Probe now;
    private @Nullable CallMoment unread;

    /**
     * Nothing has happened.
     *
     * @param wanted the space whose life is to be told
     */
    AddressHistory(int iommu, int requester, int pasid, long address, DeviceSpace wanted) {
        this.iommu = iommu;
        this.requester = requester;
        this.pasid = pasid;
        this.address = address;
        this.wanted = wanted;
        lives.add(new AddressLife(DeviceSpace.unknown(-1, pasid), address));
    }

    int iommu() {
        return iommu;
    }

    int requester() {
        return requester;
    }

    int pasid() {
        return pasid;
    }

    long address() {
        return address;
    }

    /** Whether memory at [from, from+length) is on the address's way through the tables. */
    boolean watches(long from, long length) {
        for (int i = 0; i < watched.length; i += 2) {
            if (overlaps(from, length, watched[i], watched[i + 1])) {
                return true;
            }
        }
        return false;
    }

    /** Whether memory at [from, from+length) is the device table entry, or a part of it. */
    boolean isDeviceEntry(long from, long length) {
        return overlaps(from, length, entryAddress, entryAddress == 0 ? 0 : DeviceEntryDescriptor.BYTES);
    }

    private static boolean overlaps(long from, long length, long start, long bytes) {
        return bytes > 0
                && Long.compareUnsigned(from, start + bytes) < 0
                && Long.compareUnsigned(start, from + length) < 0;
    }

    /** The device table entry has changed, and may do so again with the next event. */
    void entryStored(CallMoment moment) {
        unread = moment;
    }

    /** The event that comes is no store to the device table entry: what that says now counts. */
    void entryComplete(Machine machine) {
        CallMoment moment = unread;
        if (moment != null) {
            unread = null;
            look(machine, false, moment);
        }
    }

    /**
     * Looks at the tables again.
     *
     * @param isShadowSync whether a VMM brings host tables up to date with those of a guest
     */
    void look(Machine machine, boolean isShadowSync, CallMoment moment) {
        Probe probe = machine.iommu(iommu).probe(requester, pasid, address, AccessKind.UNKNOWN);
        Probe before = now;
        now = probe;
        watch(probe);
        move(before, probe, isShadowSync, moment);
        current().look(probe, isShadowSync, moment);
    }

    private AddressLife current() {
        return lives.get(lives.size() - 1);
    }

    /** Goes on with the life in the space that the tables lead to now. */
    private void move(@Nullable Probe before, Probe probe, boolean isShadowSync, CallMoment moment) {
        AddressLife old = current();
        DeviceSpace found = DeviceSpace.of(probe, pasid);
        boolean staysShadow = old.space().isShadow() && (isShadowSync || !isMappedAnew(before, probe));
        DeviceSpace space = staysShadow && old.space().matches(found) ? found.shadow() : found;
        boolean hasEntryChanged = before != null && !Arrays.equals(before.deviceEntry(), probe.deviceEntry());
        String why = why(hasEntryChanged, probe, space);
        boolean isUnbound = space.hasNoGuestTables() && old.space().matches(space);
        boolean isKnownBetter = old.space().isLessKnownThan(space) && !wasIn(space);
        if (isUnbound
                || isKnownBetter
                || old.space().equals(space)
                || old.space().isGrownTo(space, probe)) {
            if (!isUnbound) {
                old.knownAs(space);
            }
            if (hasEntryChanged) {
                old.entered(moment, why);
            }
            return;
        }
        old.left(moment, why);
        enter(space).entered(moment, why);
    }

    private static String why(boolean hasEntryChanged, Probe probe, DeviceSpace space) {
        if (!hasEntryChanged) {
            return "address space: " + space.describe();
        }
        return probe.deviceEntry().length == 0
                ? "no device table entry counts any more: " + probe.reason()
                : "device table entry set: " + EntryWords.deviceEntry(probe);
    }

    private boolean wasIn(DeviceSpace space) {
        return lives.stream().anyMatch(life -> life.space().equals(space));
    }

    private static boolean isMappedAnew(@Nullable Probe before, Probe probe) {
        return probe.decision() == TranslationDecision.TRANSLATED
                && (before == null || before.result() != probe.result());
    }

    private AddressLife enter(DeviceSpace space) {
        AddressLife life = new AddressLife(space, address);
        for (AddressLife each : lives) {
            life = each.space().equals(space) ? each : life;
        }
        lives.remove(life);
        lives.add(life);
        if (lives.size() > MOST_LIVES) {
            lives.remove(0);
        }
        return life;
    }

    /** The IOMMU starts anew, and with it whoever drives it: what was mapped before is nobody's any more. */
    void reset() {
        lives.clear();
        lives.add(new AddressLife(DeviceSpace.unknown(-1, pasid), address));
        now = null;
        unread = null;
    }

    /** A VMM begins to fill host tables with what a guest's tables say: what they mapped before was the guest's memory. */
    void shadowed(CallMoment moment) {
        AddressLife old = current();
        if (old.space().stage() == DeviceSpace.Stage.HOST && !old.space().isShadow() && old.isOverOutsideShadow()) {
            String why = "the host's tables follow those of a guest from now on";
            old.left(moment, why);
            enter(old.space().shadow()).entered(moment, why);
        }
    }

    private void watch(Probe probe) {
        entryAddress = probe.deviceEntryAddress();
        int count = probe.steps().size() + 2;
        watched = new long[2 * count];
        watched[0] = entryAddress;
        watched[1] = entryAddress == 0 ? 0 : DeviceEntryDescriptor.BYTES;
        // the entry that could not be read: it may be recorded later
        watched[2] = probe.stoppedAt();
        watched[3] = probe.stoppedAt() == 0 ? 0 : DeviceEntryDescriptor.BYTES;
        int at = 4;
        for (ProbeStep step : probe.steps()) {
            watched[at++] = step.entryAddress();
            watched[at++] = Long.BYTES;
        }
    }

    /** Cached translations were dropped: of a domain, or all (-1); in a range, or everywhere (length 0 or less). */
    void flushed(int ofDomain, long from, long length, CallMoment moment) {
        for (AddressLife life : lives) {
            life.flushed(ofDomain, from, length, moment);
        }
    }

    /** The recorded device translated this page for the device, in this domain, or in one that is not told (-1). */
    void used(long result, int domain, CallMoment moment) {
        AddressLife life = current();
        if (life.space().stage() == DeviceSpace.Stage.UNKNOWN && domain >= 0) {
            if (life.space().domain() < 0) {
                life.knownAs(DeviceSpace.unknown(domain, pasid));
            } else if (life.space().domain() != domain) {
                life = enter(DeviceSpace.unknown(domain, pasid));
            }
        }
        life.used(result, moment);
    }

    /** The life in the space that the refused request was looked up in; an empty one if the device was never there. */
    AddressLife life() {
        AddressLife found = new AddressLife(wanted, address);
        for (AddressLife life : lives) {
            found = life.space().matches(wanted) ? life : found;
        }
        return found;
    }

    /** The last life elsewhere in which the address was mapped, or null. */
    @Nullable
    AddressLife elsewhere() {
        AddressLife mine = life();
        AddressLife found = null;
        for (AddressLife life : lives) {
            found = life.wasMapped() && life != mine ? life : found;
        }
        return found;
    }
}
