package doubleeleven.it.command;

import java.io.IOException;
import java.io.PrintStream;

/**
 * A command: what it is to do, and whether that went well.
 *
 * @param <O> its options
 * @param usage its help
 */
public record Command<O>(String usage, Parser<O> parser, Job<O> job) {
    private static final int FAILED = 1;
    private static final int WRONG_OPTIONS = 2;

    /** Makes sense of arguments. */
    @FunctionalInterface
    public interface Parser<O> {
        O parse(Arguments arguments) throws Arguments.Invalid;
    }

    /** Does what the command is for, and answers whether all is well. */
    @FunctionalInterface
    public interface Job<O> {
        boolean run(PrintStream out, O options) throws IOException, InterruptedException;
    }

    /** Answers the exit code: 0 if all is well, 1 if not, 2 for wrong options. */
    public int run(PrintStream out, PrintStream err, String... arguments) {
        for (String argument : arguments) {
            if (argument.equals("--help") || argument.equals("-h")) {
                out.print(usage);
                return 0;
            }
        }
        O options;
        try {
            options = parser.parse(Arguments.of(arguments));
        } catch (Arguments.Invalid e) {
            err.println(e.getMessage());
            err.println();
            err.print(usage);
            return WRONG_OPTIONS;
        }
        try {
            return job.run(out, options) ? 0 : FAILED;
        } catch (IOException | RuntimeException e) {
            err.println("Could not go on: " + e);
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }
}
