package org.iorewind.model.iommu.quirk;

import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.iommu.table.DeviceEntry;

/**
 * A gate without state, open or closed for ever.
 *
 * @param translates whether requests are looked at
 */
record FixedGate(boolean translates) implements TranslationGate {
    @Override
    public boolean translates(int requester) {
        return translates;
    }

    @Override
    public boolean readsEntryOnInvalidation() {
        return false;
    }

    @Override
    public void entrySeen(int requester, DeviceEntry entry, boolean isLegal) {
        // Nothing depends on it.
    }

    @Override
    public void entryUnknown(int requester) {
        // Nothing depends on it.
    }

    @Override
    public void allUnknown() {
        // Nothing depends on it.
    }

    @Override
    public void reset() {
        // No state.
    }

    @Override
    public void saveTo(StateSink sink) {
        // No state.
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        // No state.
    }
}
