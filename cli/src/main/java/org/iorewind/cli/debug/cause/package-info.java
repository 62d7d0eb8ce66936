/**
 * Why an event came out as it did: a chain of earlier events, found by looking back.
 *
 * <pre>
 *   request ─▶ entries on its way ─▶ who wrote each
 *      │
 *      ├─ refused ─▶ AddressStory of the space that was asked: who mapped it, who unmapped it, which command invalidated it
 *      └─ from the cache ─▶ which request filled it, did the tables change since
 * </pre>
 */
@NullMarked
package org.iorewind.cli.debug.cause;

import org.jspecify.annotations.NullMarked;
