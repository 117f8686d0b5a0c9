package doubleeleven.rig.differential;

import java.util.function.Consumer;

/**
 * What is done, written once and done on each side.
 *
 * @param name what it is about
 * @param alone whether what it breaks would also break for others that are done at the same time
 */
record Scenario(String name, boolean alone, Consumer<Play> script) {
    Scenario(String name, Consumer<Play> script) {
        this(name, false, script);
    }

    static Scenario alone(String name, Consumer<Play> script) {
        return new Scenario(name, true, script);
    }

    /**
     * Does it.
     *
     * @param tag part of every name in it: the same on both sides, and new on both
     */
    Recorded on(Side side, String tag) {
        Play play = new Play(side, tag);
        try {
            script.accept(play);
            return play.end();
        } finally {
            play.mend();
        }
    }
}
