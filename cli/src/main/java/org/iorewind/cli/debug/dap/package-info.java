/**
 * The debugger behind an editor: a server of the Debug Adapter Protocol on standard input and output.
 *
 * <pre>
 *   editor ──requests──▶ DebugAdapter ──one at a time──▶ AdapterSession ──▶ DebugSession
 *      ▲ ▲                    │ │ pause: at once
 *      │ └─────responses──────┘ │
 *      └─stopped, threads, ... ─┘ EditorEvents
 *
 *   event list   virtual sources of 10,000 events, one event a line         EventPages
 *   threads      the IOMMU, and the devices that may reach memory           Stack
 *   stack        the event, and below it the walk of its address            Stack
 *   scopes       event, effects, device, registers, caches, rings, guests   VariableTrees
 * </pre>
 *
 * <p>All work is done by one thread, except that a pause reaches the motion that is under way.
 */
@NullMarked
package org.iorewind.cli.debug.dap;

import org.jspecify.annotations.NullMarked;
