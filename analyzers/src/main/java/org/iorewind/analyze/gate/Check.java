package org.iorewind.analyze.gate;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A value that was compared.
 *
 * @param name of what was compared
 * @param unit of the values
 * @param before in the old recording
 * @param after in the new one
 * @param limit how much more is allowed
 * @param isExceeded whether it is more than that
 */
public record Check(String name, String unit, BigDecimal before, BigDecimal after, Limit limit, boolean isExceeded) {
    private static final int DIGITS = 1;
    private static final int PRECISION = 6;

    static Check of(String name, String unit, BigDecimal before, BigDecimal after, Limit limit) {
        return new Check(name, unit, before, after, limit, limit.isExceeded(before, after));
    }

    /** The change in per cent of the old value, with one digit; {@code new} if there was none. */
    public String change() {
        if (before.signum() == 0) {
            return after.signum() == 0 ? "0.0%" : "new";
        }
        BigDecimal percent = after.subtract(before)
                .divide(before, PRECISION, RoundingMode.HALF_UP)
                .movePointRight(2)
                .setScale(DIGITS, RoundingMode.HALF_UP);
        return (percent.signum() < 0 ? "" : "+") + percent.toPlainString() + "%";
    }

    /** One sentence. */
    public String sentence() {
        return name + " went from " + before.toPlainString() + " to " + after.toPlainString() + " " + unit + " ("
                + change() + ", allowed " + limit + ")";
    }
}
