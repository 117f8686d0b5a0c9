package doubleeleven.rig.differential;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What one side answered or wrote, as a line for each value, without what may differ between two runs: moments, durations, traces, secrets.
 * That such a value is there, and where, remains. Identifiers remain as they are: they follow from names, which are the same on both sides. Only
 * attempts are numbered as they come, for the attempt at a refund of a share follows from when the payment was decided.
 */
final class Plain {
    /** Fields whose values are drawn or measured: a trace, a key of the API, a signature over a moment, how long something took. */
    static final Set<String> DRAWN =
            Set.of("traceId", "trace", "apiKey", "keyId", "token", "elapsedMicros", "openSeconds", "ageSeconds");

    /** What an operator did carries a drawn id of its own; which version of the rule is in force depends on who published before. */
    private static final Pattern DRAWN_AT = Pattern.compile(".*\\boperated\\[\\d+]\\.id|command\\.rule");

    /** Steps of an explanation that nobody orders: Try takes them at once; an operator asks while phase two is at work. */
    private static final List<Set<String>> AT_ONCE =
            List.of(Set.of("HOLD", "RISK"), Set.of("SETTLE", "OPERATOR_RETRY"));

    /** Milliseconds since the epoch, from 2017 to 2033. */
    private static final Pattern MILLIS = Pattern.compile("(?<!\\d)1[5-9]\\d{11}(?!\\d)");

    /** Whether recovery's turn is over by then depends on how fast the machine is. */
    private static final Pattern TURN = Pattern.compile("Recovery (asks|should have asked) phase two again .*");

    /** How long a model took, in a snapshot that is stored as a text. */
    private static final Pattern MICROS = Pattern.compile("\"micros\":\\d+");

    /** What an operator did to a line is kept under when, and in which call, that was. */
    private static final Pattern LINE = Pattern.compile("(LINE#<millis>#)[0-9a-f]{16}");

    private static final Pattern SECONDS = Pattern.compile("\\b\\d+ s\\b");
    private static final Pattern INSTANT = Pattern.compile("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    /** What scenarios themselves set far ahead is no moment of the run. */
    private static final String FAR = "20(?:[4-9]\\d)-.*";

    private static final Pattern COLOUR = Pattern.compile("(\\bRZ\\d+-)[ab]\\b");

    private final Map<String, String> names = new HashMap<>();
    private boolean ofEitherColour;

    /** Has a name of this side alone, such as the id of an operator's key, stand for the same on both. */
    void stands(String own, String common) {
        names.put(own, common);
    }

    /** Has both colours of a unit stand for the same: each has a recovery of its own, and nobody orders which comes first. */
    void eitherColour() {
        ofEitherColour = true;
    }

    SortedMap<String, String> lines(Object value) {
        SortedMap<String, String> lines = new TreeMap<>();
        collect("", value, lines);
        return lines;
    }

    String text(String text) {
        String plain = MILLIS.matcher(text).replaceAll("<millis>");
        plain = INSTANT.matcher(plain).replaceAll(match -> match.group().matches(FAR) ? match.group() : "<instant>");
        plain = TURN.matcher(plain).replaceAll("<when recovery asks phase two again>");
        plain = LINE.matcher(plain).replaceAll("$1<drawn>");
        plain = MICROS.matcher(plain).replaceAll("\"micros\":<micros>");
        plain = SECONDS.matcher(plain).replaceAll("<seconds> s");
        plain = ofEitherColour ? COLOUR.matcher(plain).replaceAll("$1<either>") : plain;
        for (Map.Entry<String, String> name : names.entrySet()) {
            plain = plain.replace(name.getKey(), name.getValue());
        }
        return plain;
    }

    private void collect(String path, Object value, SortedMap<String, String> lines) {
        switch (value) {
            case Map<?, ?> object
            when !object.isEmpty() ->
                object.forEach((name, part) -> {
                    String field = String.valueOf(name);
                    String at = path.isEmpty() ? text(field) : path + "." + text(field);
                    if (DRAWN.contains(field) || DRAWN_AT.matcher(at).matches()) {
                        lines.put(at, "<drawn>");
                    } else if (ofEitherColour && field.equals("colour")) {
                        lines.put(at, "<either>");
                    } else {
                        collect(at, part, lines);
                    }
                });
            case List<?> list
            when !list.isEmpty() -> {
                List<?> ordered = withoutRaces(list);
                for (int i = 0; i < ordered.size(); i++) {
                    collect("%s[%02d]".formatted(path, i), ordered.get(i), lines);
                }
            }
            case AttributeValue attribute -> collect(path, value(attribute), lines);
            case null -> lines.put(path, "null");
            default -> lines.put(path, text(String.valueOf(value)));
        }
    }

    /** A timeline in which what was tried at the same time stands in the order of the accounts. */
    private static List<?> withoutRaces(List<?> list) {
        List<Object> ordered = new ArrayList<>(list);
        for (Set<String> atOnce : AT_ONCE) {
            for (int from = 0; from < ordered.size(); from++) {
                int to = from;
                while (to < ordered.size() && isOneOf(atOnce, ordered.get(to))) {
                    to++;
                }
                if (to > from) {
                    ordered.subList(from, to).sort(Comparator.comparing(Plain::stepAndAccount));
                    from = to;
                }
            }
        }
        return ordered;
    }

    private static boolean isOneOf(Set<String> steps, Object entry) {
        return entry instanceof Map<?, ?> step && steps.contains(String.valueOf(step.get("step")));
    }

    private static String stepAndAccount(Object entry) {
        return entry instanceof Map<?, ?> step ? step.get("step") + " " + step.get("account") : "";
    }

    /** A number is told from a text that reads like it. */
    private static Object value(AttributeValue attribute) {
        return switch (attribute.type()) {
            case S -> '"' + attribute.s() + '"';
            case N -> attribute.n();
            case BOOL -> attribute.bool();
            case L -> attribute.l();
            case M -> new LinkedHashMap<>(attribute.m());
            default -> String.valueOf(attribute);
        };
    }
}
