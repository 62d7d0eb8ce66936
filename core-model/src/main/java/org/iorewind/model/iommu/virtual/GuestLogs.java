package org.iorewind.model.iommu.virtual;

import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.log.GuestFaults;
import org.iorewind.model.iommu.register.PageRequestRegisterDescriptor;
import org.iorewind.model.iommu.register.StatusDescriptor;
import org.iorewind.model.iommu.request.GuestRequests;
import org.iorewind.model.iommu.request.RequestTarget;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.jspecify.annotations.Nullable;

/**
 * Event and PPR logs of guests, and which events and page requests go there (MC-V6).
 *
 * <pre>
 *   fault of a guest's tables, error of a guest's command   DIRECT and EventLogEn of the guest ─▶ guest's event log
 *                                                           else                               ─▶ host's event log
 *   page request of a device with vImuEn                    PprLogEn of the guest              ─▶ guest's PPR log
 *                                                           else                               ─▶ host's PPR log
 * </pre>
 *
 * <p>A fault that the cache of translations answers counts as one of the guest's tables. An entry that the guest's log cannot
 * take is lost: it does not go to the host's instead. Not thread-safe; allocates nothing.
 */
final class GuestLogs implements GuestFaults, GuestRequests, RequestTarget {
    private final PrivateSpace space;
    private final IommuOptions options;
    private final EventReports events;
    private final GuestImages images;
    private final GuestSignals signals;
    private final GuestLog eventLog;
    private final GuestLog pprLog;

    /** Whose page request is at hand; before the first one, nobody's. */
    private GuestImage requested = new GuestImage(0);

    private int requestedDevice;

    GuestLogs(
            PrivateSpace space,
            IommuOptions options,
            EventReports events,
            GuestImages images,
            GuestSignals signals,
            GuestLog eventLog,
            GuestLog pprLog) {
        this.space = space;
        this.options = options;
        this.events = events;
        this.images = images;
        this.signals = signals;
        this.eventLog = eventLog;
        this.pprLog = pprLog;
    }

    /** Writes an event, as it is, to a guest's log; whether the log took it. */
    boolean append(GuestImage image, long q0, long q1) {
        return eventLog.append(image, q0, q1);
    }

    /** Whether a guest's event log is enabled. */
    boolean isEnabled(GuestImage image) {
        return eventLog.isEnabled(image);
    }

    /** Whether events of the guest's own go to its log. */
    boolean takesEvents(GuestImage image) {
        return options.eventRouting() == EventRouting.DIRECT && eventLog.isEnabled(image);
    }

    @Override
    public boolean pageFault(int guest, int guestDevice, int pasid, int flags, long address) {
        GuestImage image = space.isOn() ? images.find(guest) : null;
        if (image == null || !takesEvents(image)) {
            return false;
        }
        long q0 = EventDescriptor.quadword0(EventDescriptor.IO_PAGE_FAULT, flags, pasid, guestDevice);
        eventLog.append(image, q0, address);
        return true;
    }

    @Override
    @Nullable
    public RequestTarget targetOf(DeviceEntry entry) {
        if (!entry.isVirtual() || !space.isOn()) {
            return null;
        }
        GuestImage image = images.find(entry.guest());
        if (image == null || !pprLog.isEnabled(image)) {
            return null;
        }
        requested = image;
        requestedDevice = entry.guestDevice();
        return this;
    }

    @Override
    public int device(int requester) {
        return requestedDevice;
    }

    @Override
    public boolean accepts() {
        return isSet(GuestControlDescriptor.PPR_EN);
    }

    @Override
    public boolean blocksStopMarkers() {
        return isSet(GuestControlDescriptor.BLOCK_STOP_MARKERS);
    }

    @Override
    public boolean answers() {
        return isSet(GuestControlDescriptor.AUTO_RESPONSE);
    }

    @Override
    public boolean answersAll() {
        return isSet(GuestControlDescriptor.AUTO_RESPONSE_ALWAYS);
    }

    private boolean isSet(long bit) {
        return (requested.control(GuestControlDescriptor.PPR) & bit) != 0;
    }

    @Override
    public int responseCode() {
        return PageRequestRegisterDescriptor.responseCode(
                requested.page(GuestPageDescriptor.offset(PageRequestRegisterDescriptor.AUTO_RESPONSE)));
    }

    @Override
    public boolean append(long quadword0, long quadword1) {
        boolean isWritten = pprLog.append(requested, quadword0, quadword1);
        if (isWritten) {
            warnEarly(requested);
        }
        return isWritten;
    }

    /** As the host's: PprOverflowEarly, or PprOverflowEarlyB, rises when as many entries wait as the threshold says. */
    private void warnEarly(GuestImage image) {
        boolean isB = pprLog.isSecondActive(image);
        int register =
                isB ? PageRequestRegisterDescriptor.EARLY_OVERFLOW_B : PageRequestRegisterDescriptor.EARLY_OVERFLOW;
        long early = image.page(GuestPageDescriptor.offset(register));
        boolean isOn = (early & PageRequestRegisterDescriptor.EARLY_EN) != 0;
        if (isOn && pprLog.waiting(image) >= (early & PageRequestRegisterDescriptor.EARLY_THRESHOLD_MASK)) {
            long bit = isB ? StatusDescriptor.PPR_OVERFLOW_EARLY_B : StatusDescriptor.PPR_OVERFLOW_EARLY;
            boolean sends = (early & PageRequestRegisterDescriptor.EARLY_INT_EN) != 0;
            signals.rise(image, bit, sends, GuestSignal.PPR_LOG);
        }
    }

    @Override
    public void reportInvalid(long quadword0, long page) {
        if (takesEvents(requested)) {
            eventLog.append(requested, quadword0, page);
        } else {
            events.invalidPageRequest(quadword0, page);
        }
    }
}
