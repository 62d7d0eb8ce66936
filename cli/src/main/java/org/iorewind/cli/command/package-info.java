/**
 * One class per command. A command declares its options, opens what it was given, calls the module that does the work,
 * hands the result to a view or to JSON, and returns the exit code. It holds no logic of its own.
 *
 * <pre>
 *     iorewind -+- demo        -+- import -+- qemu-log    -+- describe   -+- help
 *               |               |          +- jsonl        +- dump
 *               |               +- export --- jsonl        +- check
 *               |               +- seal                    +- replay
 *               |                                          +- report
 * </pre>
 */
@NullMarked
package org.iorewind.cli.command;

import org.jspecify.annotations.NullMarked;
