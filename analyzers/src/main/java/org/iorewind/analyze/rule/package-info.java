/**
 * Analyzers, rules and findings: the small stable interface that built-in rules and those of others share.
 *
 * <pre>
 *   META-INF/services ─▶ Analyzers ─▶ Analyzer ──┐ one replay, all together
 *                                                 ▼
 *   Replay ── events, effects, read-only Machine ─▶ RulePass ─▶ Findings (grouped, capped) ─▶ RuleReport
 * </pre>
 *
 * <p>An analyzer says which fidelity each of its rules needs. Of a recording that holds less, a rule says that it cannot judge
 * it; silence is never a judgement.
 */
@NullMarked
package org.iorewind.analyze.rule;

import org.jspecify.annotations.NullMarked;
