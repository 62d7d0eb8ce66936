/** Tests of the trace format, and the events they share. */
@NullMarked
package org.iorewind.trace;

import org.jspecify.annotations.NullMarked;
