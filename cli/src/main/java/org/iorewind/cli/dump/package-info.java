/**
 * One readable line for each event, as a packet analyser prints packets.
 *
 * <pre>
 *     sequence       time  kind                sentence
 *        26411  9.812340s  CommandConsumed     COMPLETION_WAIT at 0x40 of the ring at 0x11e6000
 *        26412  9.812345s  DmaRequest          00:06.0 read 0x100000 len 4
 *        26413  9.812345s  Translation         00:06.0 0x100000 refused
 * </pre>
 *
 * <pre>
 *     DumpLine --+--&gt; InputSentences         what reached the IOMMU
 *                +--&gt; ObservationSentences   what the recorded system did
 *                +--&gt; MarkerSentences        markers and book-keeping
 *                +--&gt; names of fields        an event of a newer version
 * </pre>
 */
@NullMarked
package org.iorewind.cli.dump;

import org.jspecify.annotations.NullMarked;
