package org.iorewind.record.kernellog;

/**
 * An entry of the event log as far as the kernel printed it: of the bits set in the masks the values are known.
 *
 * @param qword0 first half of the entry
 * @param qword0Known its known bits
 * @param qword1 second half
 * @param qword1Known its known bits
 */
record LoggedEvent(long qword0, long qword0Known, long qword1, long qword1Known) {}
