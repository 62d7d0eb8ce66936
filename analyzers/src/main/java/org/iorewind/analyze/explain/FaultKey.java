package org.iorewind.analyze.explain;

/**
 * What makes logged faults alike, apart from their addresses.
 *
 * @param code of the event; -1 for a notice
 * @param notice name of the notice; empty for an event
 * @param device with its segment; empty if none is named
 * @param half DomainID or low half of the PASID; -1 if not told
 * @param flags -1 if not told
 */
record FaultKey(int code, String notice, String device, int half, int flags) {}
