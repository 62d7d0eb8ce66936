/**
 * The virtual machine monitor: what it makes of a guest's IOMMUs.
 *
 * <pre>
 *  options ─▶ topology.Topology ─▶ acpi.IvrsWriter ─▶ IVRS of the guest
 * </pre>
 */
@NullMarked
package org.iorewind.model.platform.vmm;

import org.jspecify.annotations.NullMarked;
