package org.iorewind.record.kernellog;

import org.jspecify.annotations.Nullable;

/**
 * A line by which kernel, journal or syslog admits that lines are missing.
 *
 * @param count of missing lines; 0 if it does not say
 * @param isOfIommu whether they were the AMD driver's
 */
record LossNotice(long count, boolean isOfIommu) {
    private static final String CALLBACKS = " callbacks suppressed";
    private static final String[] IOMMU_FUNCTIONS = {"amd_iommu", "iommu_"};

    /** What a line admits; null if it admits nothing. */
    static @Nullable LossNotice of(String text) {
        if (text.endsWith(CALLBACKS)) {
            // ratelimit: function: count callbacks suppressed
            int colon = text.lastIndexOf(": ");
            if (colon > 0) {
                boolean iommu = false;
                for (String function : IOMMU_FUNCTIONS) {
                    iommu |= text.startsWith(function);
                }
                return notice(text.substring(colon + 2, text.length() - CALLBACKS.length()), iommu);
            }
            return null;
        }
        if (text.startsWith("** ") && text.contains(" printk messages dropped")) {
            return notice(text.substring(3, text.indexOf(" printk messages dropped")), false);
        }
        int missed = text.indexOf("Missed ");
        if (missed >= 0 && text.endsWith(" kernel messages")) {
            return notice(text.substring(missed + 7, text.length() - " kernel messages".length()), false);
        }
        int suppressed = text.indexOf("Suppressed ");
        if (suppressed >= 0 && text.contains(" messages from ") && text.contains("kernel")) {
            return notice(
                    text.substring(suppressed + 11, Math.max(suppressed + 11, text.indexOf(" messages from "))), false);
        }
        return null;
    }

    private static @Nullable LossNotice notice(String number, boolean iommu) {
        long count = count(number);
        return count < 0 ? null : new LossNotice(count, iommu);
    }

    /** A decimal number of a reasonable size, or -1. */
    static long count(String text) {
        if (text.isEmpty() || text.length() > 12) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
