package org.iorewind.model.iommu.request;

import static org.iorewind.model.iommu.register.RegisterDescriptor.CONTROL;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.PageRequestDecision;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.log.PageRequestDescriptor;
import org.iorewind.model.iommu.log.PageRequestLog;
import org.iorewind.model.iommu.quirk.DeviceEntryRules;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.PageRequestRegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.iommu.table.DeviceTable;
import org.iorewind.model.memory.MemoryStatus;

/**
 * Decides peripheral page requests (reference 5.2). What the IOMMU answers by itself goes out with the last request of a
 * group, as devices expect one response for each group (MC-66). Not thread-safe; allocates nothing after construction.
 */
public final class PageRequests {
    private final RegisterFile registers;
    private final IommuOptions options;
    private final EffectSink effects;
    private final DeviceTable deviceTable;
    private final EventReports events;
    private final PageRequestLog log;
    private final DeviceEntryRules entryRules;
    private final DeviceEntry entry = new DeviceEntry();
    private final RequestTarget host = new Host();
    private GuestRequests guests = ofEntry -> null;
    private RequestTarget target = host;

    private int requester;
    private int pasid;
    private long page;
    private int rights;
    private int group;
    private boolean isLast;

    /** Binds the parts. */
    public PageRequests(
            RegisterFile registers,
            IommuOptions options,
            EffectSink effects,
            DeviceTable deviceTable,
            EventReports events,
            PageRequestLog log) {
        this.registers = registers;
        this.options = options;
        this.effects = effects;
        this.deviceTable = deviceTable;
        this.events = events;
        this.log = log;
        this.entryRules = options.quirks().deviceEntries();
    }

    /** Lets guests of hardware vIOMMU take the requests of their devices. */
    public void attach(GuestRequests takers) {
        guests = takers;
    }

    /**
     * Decides one request.
     *
     * @param requestRequester DeviceID, 16 bits
     * @param requestPasid PASID of 20 bits, or {@link EffectSink#NO_PASID}
     * @param address any address of the page
     * @param requestRights bits of {@link PageRequestDescriptor}
     * @param requestGroup page request group index, 9 bits
     * @param last whether this request ends its group
     */
    public PageRequestDecision decide(
            int requestRequester, int requestPasid, long address, int requestRights, int requestGroup, boolean last) {
        requester = requestRequester;
        pasid = PageRequestDescriptor.pasidOrNone(requestPasid);
        page = address & PageRequestDescriptor.PAGE_MASK;
        rights = requestRights;
        group = requestGroup & PageRequestDescriptor.GROUP_MASK;
        isLast = last;
        target = host;
        if (!options.quirks().registers().hasOptionalLogs()) {
            effects.notModelled(Feature.PAGE_REQUESTS, requester);
            return PageRequestDecision.NOT_MODELLED;
        }
        // 1. Page requests must be on.
        if (!has(FeatureDescriptor.PPR) || !isOn(ControlDescriptor.IOMMU_EN) || !host.accepts()) {
            return invalid();
        }
        // 2. The device table entry.
        if (!deviceTable.covers(requester)) {
            return invalid();
        }
        MemoryStatus status = deviceTable.fetch(requester, entry);
        if (status == MemoryStatus.NOT_RECORDED) {
            return PageRequestDecision.NOT_RECORDED;
        }
        if (status != MemoryStatus.OK) {
            events.deviceTableError(requester, 0, status, entry.address());
            return failed();
        }
        // 3. Reserved bits.
        if (entryRules.reservedBitsForMemory(entry, options)) {
            events.illegalDeviceEntry(requester, 0, EventDescriptor.FLAG_RZ, page);
            return failed();
        }
        // 4. The entry must allow page requests, and guest translation those with a PASID.
        if (!entry.isValid() || !entryAllowsRequests() || pasid != EffectSink.NO_PASID && !isGuestTranslationOn()) {
            return invalid();
        }
        return decideAllowed();
    }

    private PageRequestDecision decideAllowed() {
        // A guest's device asks the guest, if it wants that, with the guest's controls and IDs.
        RequestTarget guest = guests.targetOf(entry);
        if (guest != null) {
            target = guest;
            if (!guest.accepts()) {
                return invalid();
            }
        }
        // 5. Stop markers need no answer; they are logged with the code of requests (MC-175).
        boolean isStopMarker = pasid != EffectSink.NO_PASID
                && isLast
                && (rights & (PageRequestDescriptor.READ | PageRequestDescriptor.WRITE)) == 0;
        if (isStopMarker && has(FeatureDescriptor.BLOCK_STOP_MARKERS) && target.blocksStopMarkers()) {
            return PageRequestDecision.BLOCKED;
        }
        // 6. With PprAutoRspAon the IOMMU answers all requests and logs none (MC-67).
        boolean answers = has(FeatureDescriptor.PPR_AUTO_RESPONSE) && target.answers();
        if (answers && !isStopMarker && target.answersAll()) {
            return answered();
        }
        // 7. The log; when it takes no entry, an automatic response or none.
        if (target.append(quadword0(PageRequestDescriptor.CODE_REQUEST), page)) {
            return PageRequestDecision.LOGGED;
        }
        return answers && !isStopMarker ? answered() : PageRequestDecision.LOST;
    }

    /** Without EPHSup, DTE[PPR] is reserved, so that PprEn alone decides (MC-68). */
    private boolean entryAllowsRequests() {
        return !has(FeatureDescriptor.ENHANCED_PPR) || (entry.quadword(0) & DeviceEntryDescriptor.PPR) != 0;
    }

    private boolean isGuestTranslationOn() {
        return has(FeatureDescriptor.GUEST_TRANSLATION)
                && isOn(ControlDescriptor.GT_EN)
                && entry.isTranslationValid()
                && entry.isGuestValid();
    }

    private PageRequestDecision invalid() {
        target.reportInvalid(quadword0(EventDescriptor.INVALID_PPR_REQUEST), page);
        answer(PageRequestDescriptor.RESPONSE_INVALID);
        return PageRequestDecision.INVALID;
    }

    /** An entry that is illegal or unreadable gives the response that ends a device's page requests (MC-69). */
    private PageRequestDecision failed() {
        answer(PageRequestDescriptor.RESPONSE_FAILURE);
        return PageRequestDecision.FAILED;
    }

    private PageRequestDecision answered() {
        answer(target.responseCode());
        return PageRequestDecision.ANSWERED;
    }

    private void answer(int code) {
        if (isLast) {
            effects.pageResponse(requester, pasid, group, code);
        }
    }

    private long quadword0(int code) {
        return PageRequestDescriptor.quadword0(code, target.device(requester), pasid, rights, group, isLast);
    }

    private boolean has(long feature) {
        return (options.extendedFeatures() & feature) != 0;
    }

    private boolean isOn(long controlBits) {
        return registers.isSet(CONTROL, controlBits);
    }

    /** The host, whose registers say how. */
    private final class Host implements RequestTarget {
        @Override
        public int device(int known) {
            return known;
        }

        @Override
        public boolean accepts() {
            return isOn(ControlDescriptor.PPR_EN);
        }

        @Override
        public boolean blocksStopMarkers() {
            return isOn(ControlDescriptor.BLOCK_STOP_MARKERS);
        }

        @Override
        public boolean answers() {
            return isOn(ControlDescriptor.PPR_AUTO_RESPONSE_EN);
        }

        @Override
        public boolean answersAll() {
            return isOn(ControlDescriptor.PPR_AUTO_RESPONSE_ALWAYS);
        }

        @Override
        public int responseCode() {
            return PageRequestRegisterDescriptor.responseCode(
                    registers.get(PageRequestRegisterDescriptor.AUTO_RESPONSE));
        }

        @Override
        public boolean append(long quadword0, long quadword1) {
            return log.append(quadword0, quadword1);
        }

        @Override
        public void reportInvalid(long quadword0, long invalidPage) {
            events.invalidPageRequest(quadword0, invalidPage);
        }
    }
}
