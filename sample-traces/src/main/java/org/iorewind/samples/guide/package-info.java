/**
 * What to look for in each sample.
 *
 * <pre>
 *   guides.txt ─▶ Sections ─▶ Guides ─▶ Guide ─▶ Step: a command, and what it shows
 * </pre>
 */
@NullMarked
package org.iorewind.samples.guide;

import org.jspecify.annotations.NullMarked;
