package doubleeleven.risk.model;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads an object of an artefact. What is not as it should be is named with the model and the field. */
record ArtefactFields(String model, String where, Map<?, ?> object) {
    String text(String field) {
        if (object.get(field) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw invalid(field, "must be a text");
    }

    void requireText(String field, String only) {
        if (!text(field).equals(only)) {
            throw invalid(field, "must be \"" + only + "\", the only one that is known, not \"" + text(field) + "\"");
        }
    }

    double number(String field) {
        return number(field, object.get(field));
    }

    double positive(String field) {
        double number = number(field);
        if (number <= 0) {
            throw invalid(field, "must be above 0, not " + number);
        }
        return number;
    }

    private double number(String field, @Nullable Object value) {
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw invalid(field, "must be a finite number");
    }

    /** A list of so many numbers; of any number of them where length is -1. */
    double[] numbers(String field, int length) {
        List<?> list = list(field);
        if (length >= 0 && list.size() != length) {
            throw invalid(field, "must have " + length + " values, not " + list.size());
        }
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(field + "[" + i + "]", list.get(i));
        }
        return numbers;
    }

    /** The same for whole numbers. */
    int[] integers(String field, int length) {
        double[] numbers = numbers(field, length);
        int[] integers = new int[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            integers[i] = (int) numbers[i];
            if (integers[i] != numbers[i]) {
                throw invalid(field + "[" + i + "]", "must be a whole number, not " + numbers[i]);
            }
        }
        return integers;
    }

    /** Different texts, at least one. */
    List<String> names(String field) {
        List<String> names = list(field).stream()
                .map(each -> {
                    if (each instanceof String name) {
                        return name;
                    }
                    throw invalid(field, "must be a list of texts");
                })
                .toList();
        if (names.isEmpty() || new HashSet<>(names).size() < names.size()) {
            throw invalid(field, "must name at least one, and none twice");
        }
        return names;
    }

    List<ArtefactFields> objects(String field) {
        List<?> list = list(field);
        return IntStream.range(0, list.size())
                .mapToObj(i -> {
                    String at = where + field + "[" + i + "].";
                    if (list.get(i) instanceof Map<?, ?> each) {
                        return new ArtefactFields(model, at, each);
                    }
                    throw invalid(field + "[" + i + "]", "must be an object");
                })
                .toList();
    }

    ArtefactFields object(String field) {
        if (object.get(field) instanceof Map<?, ?> child) {
            return new ArtefactFields(model, where + field + ".", child);
        }
        throw invalid(field, "must be an object");
    }

    private List<?> list(String field) {
        if (object.get(field) instanceof List<?> list) {
            return list;
        }
        throw invalid(field, "must be a list");
    }

    void requireRange(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw invalid(field, "must be from " + least + " to " + most + ", not " + value);
        }
    }

    InvalidModel invalid(String field, String should) {
        return new InvalidModel(model, where + field, should);
    }
}
