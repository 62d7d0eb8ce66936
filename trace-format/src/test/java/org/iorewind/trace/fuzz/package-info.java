/**
 * The fuzz targets of the trace format and their seeds.
 *
 * <pre>
 *   ArchiveFuzz, BlockFuzz, JsonLinesFuzz    entry points for Jazzer, beside the parsers
 *   src/test/fuzz/NAME/*                     seeds, and inputs that once failed
 *   FuzzSeedsTest                            every build: all seeds
 *   .ci/fuzz                                 a minute of Jazzer for each
 * </pre>
 */
package org.iorewind.trace.fuzz;
