package org.iorewind.analyze.explain;

/**
 * One field of an entry's flags.
 *
 * @param name the specification's name
 * @param value of the field
 * @param meaning of that value, in words
 */
public record FlagBit(String name, int value, String meaning) {}
