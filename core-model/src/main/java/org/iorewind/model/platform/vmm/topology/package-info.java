/**
 * The PCI topology of a virtual machine: what a VMM's command line says of IOMMUs, ports and devices, and which device
 * stands behind which IOMMU.
 *
 * <pre>
 *  -device ioh3420,…,addr=1c.0,id=root.1           pcie.0 ─┬─ 00:00.0 host bridge
 *  -device amd-iommu,intremap=on                           ├─ 00:01.0 amd-iommu ····· instance 0, software
 *  -device amd-viommu,host=0000:00:00.2,id=viommu0         ├─ 00:02.0 amd-viommu ···· instance 1, hardware
 *  -device vfio-pci,host=0000:01:00.0,iommu=viommu0   ──▶  ├─ 00:03.0 passthrough ─── behind 1
 *  -device virtio-net-pci                                  ├─ 00:04.0 emulated ────── behind 0
 *                                                          ├─ 00:1c.0 root.1 ─── bus 1
 *                                                          └─ 00:1f.0 …
 *
 *  text ─ CommandLineReader ─▶ CommandLine ─ TopologyPlanner ─▶ Topology
 *                                            1 places  2 numbers buses  3 binds
 * </pre>
 *
 * <p>Options are written as for QEMU, in each generation that a hardware vIOMMU had there (amd-viommu reference 10.1). They
 * come from the author of a scenario, so that a mistake in them is an exception: {@link
 * org.iorewind.model.platform.vmm.topology.TopologyException} names the problem, what was expected and found, and what to do.
 */
@NullMarked
package org.iorewind.model.platform.vmm.topology;

import org.jspecify.annotations.NullMarked;
