package doubleeleven.it.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** A command's arguments, read one after the other: options, most with a value. */
public final class Arguments {
    private final Iterator<String> rest;
    private String option = "";

    private Arguments(String... arguments) {
        this.rest = Arrays.asList(arguments).iterator();
    }

    public static Arguments of(String... arguments) {
        return new Arguments(arguments);
    }

    /** An option makes no sense; the message names it, and what is allowed. */
    public static final class Invalid extends Exception {
        private static final long serialVersionUID = 1;

        public Invalid(String message) {
            super(message);
        }
    }

    public boolean hasNext() {
        return rest.hasNext();
    }

    /** The next option, whose value comes next. */
    public String next() {
        option = rest.next();
        return option;
    }

    public String value() throws Invalid {
        String value = rest.hasNext() ? rest.next() : "";
        if (value.isBlank()) {
            throw new Invalid(option + " needs a value");
        }
        return value;
    }

    public List<String> names() throws Invalid {
        return List.of(value().split(",", -1));
    }

    /** A number of things: from 1 on. */
    public int count(int most) throws Invalid {
        return count(1, most);
    }

    public int count(int least, int most) throws Invalid {
        return Math.toIntExact(number(value(), least, most));
    }

    public List<Integer> counts(int most) throws Invalid {
        List<Integer> counts = new ArrayList<>();
        for (String text : names()) {
            counts.add(Math.toIntExact(number(text, 1, most)));
        }
        return counts;
    }

    public long number() throws Invalid {
        return number(value(), Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private long number(String text, long least, long most) throws Invalid {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new Invalid(option + " must be a number from " + least + " to " + most + ", not " + text);
    }

    public String oneOf(String... allowed) throws Invalid {
        String value = value();
        if (!List.of(allowed).contains(value)) {
            throw new Invalid(option + " must be one of " + List.of(allowed) + ", not " + value);
        }
        return value;
    }

    public Path file() throws Invalid {
        Path file = Path.of(value());
        if (!Files.isReadable(file)) {
            throw new Invalid(option + ": cannot read " + file);
        }
        return file;
    }

    public Invalid unknown() {
        return new Invalid("unknown option " + option);
    }
}
