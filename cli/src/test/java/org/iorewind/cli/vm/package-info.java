/**
 * A real Linux under a real QEMU, recorded while it runs.
 *
 * <pre>
 *   recorder/src/test/vm: fetch ─▶ QEMU 11.1, 10.0, Linux, busybox     (a folder, filled once)
 *                         initramfs, guest ─▶ a command line
 *   VmTools    asks for that command line; skips by name what is missing
 *   Recording  iorewind record qemu … in a process of its own, which a test can stop and kill
 * </pre>
 */
@NullMarked
package org.iorewind.cli.vm;

import org.jspecify.annotations.NullMarked;
