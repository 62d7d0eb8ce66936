package org.iorewind.model.platform.driver;

/** When a driver writes the tail register. */
public enum Doorbell {
    /** After every command, as Linux does (amd-viommu reference 8). */
    EACH_COMMAND,
    /** When it waits, or when it must: once for all commands since. */
    BATCHED
}
