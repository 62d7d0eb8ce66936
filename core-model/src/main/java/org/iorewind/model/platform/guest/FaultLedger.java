package org.iorewind.model.platform.guest;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.EventRecord;
import org.iorewind.model.platform.driver.IommuDriver;

/** What a driver knows of faults: how many, of which device. Not thread-safe. */
public final class FaultLedger {
    private final IommuDriver driver;
    private final NavigableMap<Integer, Long> byRequester = new TreeMap<>();
    private final NavigableMap<Integer, Long> byCode = new TreeMap<>();

    FaultLedger(IommuDriver driver) {
        this.driver = driver;
    }

    /** Takes all events out of the log, oldest first, counts them, and starts a log that overflowed again. */
    public List<EventRecord> handle() {
        driver.port().enter(CallNames.FAULT, SystemBus.NO_REQUESTER, 0, 0, 0);
        List<EventRecord> events = driver.events().drain();
        for (EventRecord event : events) {
            byCode.merge(event.code(), 1L, Long::sum);
            byRequester.merge(event.requester(), 1L, Long::sum);
        }
        driver.port().leave(CallNames.FAULT, 0);
        return events;
    }

    /** Events that named a device, or for device 0 those that named none. */
    public long of(int requester) {
        return byRequester.getOrDefault(requester, 0L);
    }

    /** Events of a code of {@link org.iorewind.model.iommu.log.EventDescriptor}. */
    public long ofCode(int code) {
        return byCode.getOrDefault(code, 0L);
    }

    /** How often the log overflowed, so that events were lost. */
    public long overflows() {
        return driver.events().overflows();
    }
}
