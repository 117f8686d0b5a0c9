package doubleeleven.gateway.failover;

import doubleeleven.routing.ShardRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One failover of a unit, or failback, as far as it is.
 *
 * @param id in the order of time
 * @param by id of the operator's API key, or the watcher's name
 * @param reason the operator's own words, or what the watchers saw
 * @param region where its workflow runs
 * @param shards of the unit when it began
 * @param wards units that it stood by for, which it is to stand by for again
 * @param notes what was done and seen, in the order of time
 */
public record Failover(
        String id,
        String unit,
        Direction direction,
        String by,
        String reason,
        String region,
        Instant begunAt,
        State state,
        List<ShardRange> shards,
        Set<String> wards,
        List<Note> notes) {
    /** More is cut off at its beginning: what comes last tells most. */
    private static final int MOST_NOTES = 100;

    /** Which way customers go. */
    public enum Direction {
        /** From the unit to its standby. */
        AWAY,
        /** Back to the unit. */
        BACK
    }

    /** How far it is. */
    public enum State {
        RUNNING,
        /** Everything was done and proven. */
        DONE,
        /** The rule says what it should, but something is left open or not served: the notes tell what. */
        INCOMPLETE,
        /** The unit failed when it was tried out, and serves nobody as before. */
        WITHDRAWN,
        /** Somebody published another rule for the unit meanwhile. */
        OVERTAKEN,
        /** A step failed each time that it was tried. */
        FAILED
    }

    /** Something that was done or seen. */
    public record Note(Instant at, Step step, String text) {}

    public Failover {
        shards = List.copyOf(shards);
        wards = java.util.Collections.unmodifiableSet(new TreeSet<>(wards));
        notes = List.copyOf(notes);
    }

    boolean goesAway() {
        return direction == Direction.AWAY;
    }

    Failover in(State other) {
        return new Failover(id, unit, direction, by, reason, region, begunAt, other, shards, wards, notes);
    }

    Failover standingBy(Set<String> others) {
        return new Failover(id, unit, direction, by, reason, region, begunAt, state, shards, others, notes);
    }

    Failover with(Note note) {
        List<Note> more = new ArrayList<>(notes);
        more.add(note);
        return new Failover(
                id,
                unit,
                direction,
                by,
                reason,
                region,
                begunAt,
                state,
                shards,
                wards,
                more.size() > MOST_NOTES ? more.subList(more.size() - MOST_NOTES, more.size()) : more);
    }

    /** How often a step was taken since another one was. */
    int turnsOf(Step step) {
        int turns = 0;
        for (Note note : notes.reversed()) {
            if (note.step() != step) {
                break;
            }
            turns++;
        }
        return turns;
    }

    /** When a step was taken first. */
    Instant firstTurnOf(Step step) {
        return notes.stream()
                .filter(note -> note.step() == step)
                .findFirst()
                .map(Note::at)
                .orElseThrow(() -> new IllegalStateException(step + " was not taken yet"));
    }
}
