package org.iorewind.model.platform.host;

import org.iorewind.model.platform.driver.LogEntry;

/** One who may know what to do about an entry of the host's event log. */
public interface HostEventHandler {
    /**
     * Handles an entry.
     *
     * @return whether it was this one's to handle
     */
    boolean handles(LogEntry entry);
}
