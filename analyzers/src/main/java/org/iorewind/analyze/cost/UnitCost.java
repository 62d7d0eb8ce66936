package org.iorewind.analyze.cost;

import java.math.BigDecimal;

/**
 * What one of something costs.
 *
 * @param counter what
 * @param ns how long it takes
 * @param source where the number is from, in words
 * @param confidence tag of the source: as in the references, {@code V}, {@code S}, {@code K}, {@code I}; {@code MC} for a choice of
 *     our own
 */
public record UnitCost(CostCounter counter, BigDecimal ns, String source, String confidence) {}
