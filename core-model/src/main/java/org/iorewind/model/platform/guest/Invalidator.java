package org.iorewind.model.platform.guest;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.CommandQueue;
import org.iorewind.model.platform.driver.Errno;

/**
 * Tells the hardware what changed in memory, in Linux's order (reference 9.2, amd-viommu reference 8):
 *
 * <pre>
 *   02h DTE ─▶ 03h pages ─▶ 04h pages, to devices with a cache ─▶ 01h wait
 * </pre>
 *
 * <p>On v2 tables 03h goes out for each device, with its own DomainID. A range is widened to what a command can say; with NpCache
 * it is sent in aligned pieces instead, since a VMM has to look at all that a command covers. A device's requests without PASID
 * are invalidated without PASID, whatever tables serve them (MC-V40). Not thread-safe.
 */
final class Invalidator {
    private final CommandQueue commands;
    private final boolean sendsAlignedPieces;
    private final DriverBugs bugs;

    Invalidator(CommandQueue commands, boolean sendsAlignedPieces, DriverBugs bugs) {
        this.commands = commands;
        this.sendsAlignedPieces = sendsAlignedPieces;
        this.bugs = bugs;
    }

    /** Pages of a domain, and its directories if tables are unlinked; waits. */
    int pages(DmaDomain domain, AddressSpan span) {
        sendPages(domain, span, domain.hasUnlinked());
        int result = complete();
        if (bugs.strikes(DriverBug.DOUBLE_FLUSH)) {
            sendPages(domain, span, domain.hasUnlinked());
            result = complete();
        }
        return result;
    }

    /** All that is cached of a device: its entry, and everything under its DomainID but the PASIDs of processes; waits. */
    int device(AttachedDevice device) {
        if (!bugs.strikes(DriverBug.NO_DEVICE_ENTRY_INVALIDATION)) {
            for (int requester : device.requesters()) {
                commands.push(Command.invalidateDeviceEntry(requester));
            }
        }
        commands.push(
                device.gcr3() == null
                        ? Command.invalidatePages(device.domainId(), AddressSpan.EVERYTHING, true)
                        : Command.invalidateGuestPages(device.domainId(), 0, AddressSpan.EVERYTHING, true));
        sendToCache(device, EffectSink.NO_PASID, AddressSpan.EVERYTHING);
        return complete();
    }

    /** Pages of one PASID of a device; waits. */
    int space(AttachedDevice device, int pasid, AddressSpan span, boolean withDirectories) {
        sendSpace(device, pasid, span, withDirectories);
        return complete();
    }

    /** The same without waiting. */
    void sendSpace(AttachedDevice device, int pasid, AddressSpan span, boolean withDirectories) {
        commands.push(Command.invalidateGuestPages(flushed(device.domainId()), pasid, span, withDirectories));
        sendToCache(device, pasid, span);
    }

    /** Waits for all that was sent. */
    int complete() {
        if (bugs.strikes(DriverBug.NO_COMPLETION_WAIT)) {
            commands.ring();
            return Errno.OK;
        }
        return commands.complete() ? Errno.OK : Errno.TIMED_OUT;
    }

    private void sendPages(DmaDomain domain, AddressSpan span, boolean withDirectories) {
        if (!sendsAlignedPieces || span.equals(AddressSpan.EVERYTHING)) {
            sendPiece(domain, span, withDirectories);
            return;
        }
        long at = span.first();
        long left = span.last() - span.first() + 1;
        while (left != 0) {
            long piece = Math.min(Long.lowestOneBit(at | Long.MIN_VALUE >>> 1), Long.highestOneBit(left));
            sendPiece(domain, AddressSpan.of(at, piece), withDirectories);
            at += piece;
            left -= piece;
        }
    }

    private void sendPiece(DmaDomain domain, AddressSpan span, boolean withDirectories) {
        if (domain.isGuestFormat()) {
            for (AttachedDevice device : domain.devices()) {
                commands.push(Command.invalidateGuestPages(flushed(device.domainId()), 0, span, withDirectories));
            }
        } else {
            commands.push(Command.invalidatePages(flushed(domain.id()), span, withDirectories));
        }
        for (AttachedDevice device : domain.devices()) {
            sendToCache(device, EffectSink.NO_PASID, span);
        }
    }

    private void sendToCache(AttachedDevice device, int pasid, AddressSpan span) {
        if (device.traits().hasAts() && !bugs.strikes(DriverBug.NO_DEVICE_TLB_INVALIDATION)) {
            for (int requester : device.requesters()) {
                commands.push(
                        Command.invalidateDevicePages(requester, device.traits().invalidationDepth(), pasid, span));
            }
        }
    }

    private int flushed(int domainId) {
        return bugs.strikes(DriverBug.WRONG_DOMAIN_IN_FLUSH) ? domainId + 1 : domainId;
    }
}
