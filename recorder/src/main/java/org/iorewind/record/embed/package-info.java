/**
 * For a VMM that runs in a JVM: it records itself.
 *
 * <pre>
 *   vCPU thread ── EventPort ─┐
 *   vCPU thread ── EventPort ─┼─▶ Recording ─▶ journal (a directory) or archive (FILE.iorw)
 *   device      ── EventPort ─┘
 * </pre>
 *
 * <p>One rule carries everything: <em>append, then apply</em>. A VMM tells its port of an input before it lets the input act,
 * so that no effect is recorded before its cause. {@code docs/embedding.md} shows it with a program that a test runs.
 */
@NullMarked
package org.iorewind.record.embed;

import org.jspecify.annotations.NullMarked;
