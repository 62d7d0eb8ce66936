package org.iorewind.model.platform.vmm.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One option in the form {@code driver,key=value,…}. A doubled comma stands for a comma in a value. Of a key that is given
 * twice the last value counts, of {@code id} the first, as with QEMU.
 *
 * @param text as it was written
 * @param driver the first part
 * @param properties the others in order
 */
public record DeviceOption(String text, String driver, List<Property> properties) {
    private static final Pattern IDENTIFIER = Pattern.compile("[a-zA-Z][a-zA-Z0-9._-]*");
    private static final Pattern NUMBER = Pattern.compile("0x([0-9a-fA-F]{1,8})|0[0-7]{0,9}|[1-9][0-9]{0,9}");
    private static final Set<String> YES = Set.of("on", "yes", "true", "y");
    private static final Set<String> NO = Set.of("off", "no", "false", "n");
    private static final String NO_PREFIX = "no";
    private static final String ID = "id";
    private static final String DRIVER = "driver";
    private static final int OCTAL = 8;
    private static final int DECIMAL = 10;
    private static final int HEXADECIMAL = 16;

    /** A key and its value. */
    public record Property(String key, String value) {}

    /** Copies the list. */
    public DeviceOption {
        properties = List.copyOf(properties);
    }

    /**
     * Takes an option apart.
     *
     * @throws TopologyException if a part has neither a key nor a switch's name, or the driver or id is no name
     */
    public static DeviceOption parse(String text) {
        return parse(text, DRIVER);
    }

    /** The same where the first part has another key. */
    static DeviceOption parse(String text, String firstKey) {
        List<Property> properties = new ArrayList<>();
        String driver = "";
        boolean isFirst = true;
        for (String part : parts(text)) {
            int equals = part.indexOf('=');
            if (equals < 0 && isFirst) {
                driver = part;
            } else if (equals < 0) {
                properties.add(switchNamed(part));
            } else if (equals == 0) {
                throw malformed(text, "a key before '='", part);
            } else if (part.startsWith(firstKey + "=")) {
                driver = part.substring(equals + 1);
            } else {
                properties.add(new Property(part.substring(0, equals), part.substring(equals + 1)));
            }
            isFirst = false;
        }
        DeviceOption option = new DeviceOption(text, driver, properties);
        if (!IDENTIFIER.matcher(driver).matches()) {
            throw malformed(text, "a name first", "'" + driver + "'");
        }
        option.value(ID).filter(id -> !IDENTIFIER.matcher(id).matches()).ifPresent(id -> {
            throw malformed(text, "an id of letters, digits, '-', '.', '_', beginning with a letter", "'" + id + "'");
        });
        return option;
    }

    /** The parts between single commas, with doubled ones halved; an empty last part does not count. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ',') {
                part.append(c);
            } else if (i + 1 < text.length() && text.charAt(i + 1) == ',') {
                part.append(c);
                i++;
            } else {
                parts.add(part.toString());
                part.setLength(0);
            }
        }
        if (part.length() > 0 || parts.isEmpty()) {
            parts.add(part.toString());
        }
        return parts;
    }

    /** A key alone stands for "on", with "no" before it for "off". */
    private static Property switchNamed(String part) {
        boolean isOff = part.length() > NO_PREFIX.length() && part.startsWith(NO_PREFIX);
        return isOff ? new Property(part.substring(NO_PREFIX.length()), "off") : new Property(part, "on");
    }

    private static TopologyException malformed(String text, String expected, String found) {
        return new TopologyException(TopologyProblem.MALFORMED_OPTION, text, expected, found);
    }

    /** The value of a key. */
    public Optional<String> value(String key) {
        Optional<String> found = Optional.empty();
        for (Property property : properties) {
            if (property.key().equals(key) && (found.isEmpty() || !key.equals(ID))) {
                found = Optional.of(property.value());
            }
        }
        return found;
    }

    /** The value of a key that must be there. */
    public String needed(String key) {
        return value(key)
                .orElseThrow(() ->
                        new TopologyException(TopologyProblem.MISSING_PROPERTY, text, key + "=…", "no " + key + "="));
    }

    /** A switch: on, yes, true, y or off, no, false, n. */
    public Optional<Boolean> flag(String key) {
        return value(key).map(value -> {
            if (YES.contains(value)) {
                return true;
            }
            if (NO.contains(value)) {
                return false;
            }
            throw badValue(key, "on or off", value);
        });
    }

    /** A number from 0 to {@code max}, in decimal, with 0x in hexadecimal, or with 0 in octal. */
    public Optional<Integer> number(String key, int max) {
        return value(key).map(value -> {
            Matcher matcher = NUMBER.matcher(value);
            if (!matcher.matches()) {
                throw badValue(key, "a number", value);
            }
            long parsed = matcher.group(1) != null
                    ? Long.parseLong(matcher.group(1), HEXADECIMAL)
                    : Long.parseLong(value, value.startsWith("0") ? OCTAL : DECIMAL);
            if (parsed > max) {
                throw badValue(key, "a number from 0 to " + max, value);
            }
            return (int) parsed;
        });
    }

    /** The address of a PCI function. */
    public Optional<PciAddress> address(String key) {
        return value(key)
                .map(value ->
                        PciAddress.parse(value).orElseThrow(() -> badValue(key, "an address ssss:bb:dd.f", value)));
    }

    /** That a key's value is wrong. */
    public TopologyException badValue(String key, String expected, String found) {
        return new TopologyException(TopologyProblem.BAD_VALUE, text, key + "= with " + expected, "'" + found + "'");
    }

    /** Refuses every key but these and those that begin with {@code x-}. */
    public void allowOnly(Set<String> keys) {
        for (Property property : properties) {
            if (!keys.contains(property.key()) && !property.key().startsWith("x-")) {
                throw new TopologyException(
                        TopologyProblem.UNKNOWN_PROPERTY,
                        text,
                        "properties of " + driver + ": "
                                + String.join(", ", keys.stream().sorted().toList()),
                        property.key());
            }
        }
    }
}
