/**
 * Where the bytes of a trace are.
 *
 * <pre>
 *   journal or archive ─▶ live bytes: frames, per kind of event and per field
 *   archive            ─▶ stored bytes: columns, per kind of event and per field
 * </pre>
 */
@NullMarked
package org.iorewind.trace.stats;

import org.jspecify.annotations.NullMarked;
