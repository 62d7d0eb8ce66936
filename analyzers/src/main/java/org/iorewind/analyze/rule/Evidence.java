package org.iorewind.analyze.rule;

/**
 * An event that a finding rests on.
 *
 * @param sequence of the event
 * @param what it did, a few words
 */
public record Evidence(long sequence, String what) {}
