package doubleeleven.it.replay;

import java.io.Console;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** How far it is: one line, rewritten, on a terminal; elsewhere a plain line for each tenth. */
public final class Progress {
    private static final int WIDTH = 30;
    private static final int TENTH = 10;

    private final PrintStream out;
    private final String what;
    private final int all;
    private final boolean rewrite;
    private final long began = System.nanoTime();
    private int done;
    private int printed;

    @SuppressWarnings("SystemConsoleNull") // It is null where input or output is redirected, since JDK 25 again.
    public Progress(PrintStream out, String what, int all) {
        this.out = out;
        this.what = what;
        this.all = all;
        @Nullable Console console = System.console();
        this.rewrite = console != null && console.isTerminal();
    }

    synchronized void step(String note) {
        done++;
        int perCent = all == 0 ? 100 : (int) (100L * done / all);
        if (rewrite) {
            int filled = WIDTH * perCent / 100;
            out.printf(
                    "\r%-10s [%s%s] %d/%d  %.1f/s  %-40s",
                    what, "#".repeat(filled), ".".repeat(WIDTH - filled), done, all, perSecond(), note);
            if (done == all) {
                out.println();
            }
            out.flush();
        } else if (perCent / TENTH > printed / TENTH) {
            printed = perCent;
            out.printf("%-10s %3d %%  %d/%d  %.1f/s  %s%n", what, perCent, done, all, perSecond(), note);
        }
    }

    private double perSecond() {
        return done / Math.max(0.001, (System.nanoTime() - began) / 1e9);
    }
}
