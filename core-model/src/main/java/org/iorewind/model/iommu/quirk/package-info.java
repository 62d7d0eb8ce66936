/**
 * What devices do otherwise than the specification: one strategy for each point of the core where it shows.
 *
 * <pre>
 *   Profile ──▶ Quirks ──┬─ RegisterRules      HostRegisters
 *                        ├─ SignalRules        EventLog, CommandExecutor
 *                        ├─ EventRules         EventLog
 *                        ├─ CommandRules       CommandRing
 *                        ├─ DeviceEntryRules   DeviceTable
 *                        ├─ RequestRules       Translator
 *                        ├─ HostWalk           Translator
 *                        ├─ TranslationCache   Translator, Invalidations     (made anew for each IOMMU)
 *                        ├─ TranslationGate    Translator, Invalidations     (made anew for each IOMMU)
 *                        └─ InterruptRules     InterruptRemapper
 * </pre>
 *
 * <p>Every deviation has an id and a row in {@code deviations.tsv}, read by
 * {@link org.iorewind.model.iommu.quirk.KnownDeviations}; every choice between uncertain readings of the specification is
 * a {@link org.iorewind.model.iommu.quirk.ModelChoice}.
 */
@NullMarked
package org.iorewind.model.iommu.quirk;

import org.jspecify.annotations.NullMarked;
