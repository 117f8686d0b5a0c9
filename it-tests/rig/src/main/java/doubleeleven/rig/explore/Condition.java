package doubleeleven.rig.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A condition expression, taken apart as far as AND, OR and parentheses go. */
sealed interface Condition {
    /** Something that is not taken apart, such as {@code size(holds) < :cap}. */
    record Atom(String text) implements Condition {
        @Override
        public String toString() {
            return text;
        }
    }

    record All(List<Condition> parts) implements Condition {
        @Override
        public String toString() {
            return parts.stream()
                    .map(part -> part instanceof Any ? "(" + part + ")" : part.toString())
                    .collect(Collectors.joining(" AND "));
        }
    }

    record Any(List<Condition> parts) implements Condition {
        @Override
        public String toString() {
            return parts.stream()
                    .map(part -> part instanceof All ? "(" + part + ")" : part.toString())
                    .collect(Collectors.joining(" OR "));
        }
    }

    static Condition parse(String text) {
        List<String> any = split(text, " OR ");
        if (any.size() > 1) {
            return new Any(any.stream().map(Condition::parse).toList());
        }
        List<String> all = split(text, " AND ");
        if (all.size() > 1) {
            return new All(all.stream().map(Condition::parse).toList());
        }
        String only = text.trim();
        return only.startsWith("(") && only.endsWith(")")
                ? parse(only.substring(1, only.length() - 1))
                : new Atom(only);
    }

    /** Each condition that is left where one guard is missing, by that guard; empty where nothing is left. */
    static List<Without> eachLeftOut(String text) {
        Condition whole = parse(text);
        List<Without> left = new ArrayList<>();
        leaveOut(whole, left, rest -> rest);
        if (!(whole instanceof All)) {
            left.add(new Without(text, ""));
        }
        return left;
    }

    /** What is left of a condition without a guard. */
    record Without(String guard, String rest) {}

    private static void leaveOut(Condition condition, List<Without> left, UnaryOperator<Condition> around) {
        switch (condition) {
            case Atom _ -> {}
            case All(List<Condition> parts) -> {
                for (int i = 0; i < parts.size(); i++) {
                    int at = i;
                    List<Condition> others = new ArrayList<>(parts);
                    Condition part = others.remove(i);
                    left.add(new Without(
                            part.toString(),
                            around.apply(others.size() == 1 ? others.getFirst() : new All(others))
                                    .toString()));
                    leaveOut(part, left, rest -> around.apply(new All(replaced(parts, at, rest))));
                }
            }
            case Any(List<Condition> parts) -> {
                for (int i = 0; i < parts.size(); i++) {
                    int at = i;
                    if (parts.get(i) instanceof All) {
                        leaveOut(parts.get(i), left, rest -> around.apply(new Any(replaced(parts, at, rest))));
                    }
                }
            }
        }
    }

    private static List<Condition> replaced(List<Condition> parts, int at, Condition part) {
        List<Condition> all = new ArrayList<>(parts);
        all.set(at, part);
        return all;
    }

    private static List<String> split(String text, String by) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char here = text.charAt(i);
            depth += here == '(' ? 1 : here == ')' ? -1 : 0;
            if (depth == 0 && text.startsWith(by, i)) {
                parts.add(text.substring(from, i));
                from = i + by.length();
            }
        }
        parts.add(text.substring(from));
        return parts;
    }
}
