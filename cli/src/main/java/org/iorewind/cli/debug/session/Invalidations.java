package org.iorewind.cli.debug.session;

import org.iorewind.replay.Machine;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.travel.Effects;
import org.iorewind.replay.travel.MomentTest;
import org.iorewind.trace.EventView;

/** Holds for an event that invalidates the translation of an address in a domain. Not thread-safe. */
final class Invalidations implements ReplayListener, MomentTest {
    private int domain;
    private long address;
    private boolean isMet;

    void lookFor(int wantedDomain, long wantedAddress) {
        domain = wantedDomain;
        address = wantedAddress;
    }

    @Override
    public void before(EventView event, Machine machine) {
        isMet = false;
    }

    @Override
    public void translationsInvalidated(int dropped, long first, long sizeBytes, int pages) {
        boolean isOfDomain = dropped < 0 || dropped == domain;
        isMet |= isOfDomain && (sizeBytes < 0 || Long.compareUnsigned(address - first, sizeBytes) < 0);
    }

    @Override
    public boolean holds(EventView event, Playback playback, Effects effects) {
        return isMet;
    }
}
