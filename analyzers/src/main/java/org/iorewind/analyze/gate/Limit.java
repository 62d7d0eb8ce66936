package org.iorewind.analyze.gate;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much more is allowed.
 *
 * @param percent of the old value, from 0
 */
public record Limit(BigDecimal percent) {
    private static final Pattern TEXT = Pattern.compile("\\+?([0-9]{1,6}(?:\\.[0-9]{1,6})?)%?");
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /** Reads {@code +5%}, {@code 5%} or {@code 5}; empty if it is none of these. */
    public static Optional<Limit> parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        return matcher.matches() ? Optional.of(new Limit(new BigDecimal(matcher.group(1)))) : Optional.empty();
    }

    /** Whether a value goes beyond what the old one permits; exact. */
    boolean isExceeded(BigDecimal before, BigDecimal after) {
        return after.multiply(HUNDRED).compareTo(before.multiply(HUNDRED.add(percent))) > 0;
    }

    @Override
    public String toString() {
        return "+" + percent.toPlainString() + "%";
    }
}
