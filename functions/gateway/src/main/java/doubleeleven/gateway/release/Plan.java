package doubleeleven.gateway.release;

import java.util.List;

/**
 * What a release was asked to do.
 *
 * @param steps weights of the new colour, one after the other, rising
 * @param least payments of each colour to wait for at a step
 * @param mostLooks after so many at one step no more is waited for
 * @param rollBackWhereStarved where too few payments came, as after a bad figure; otherwise the weights stay as they are
 * @param approval an operator agrees before anything is shifted
 */
public record Plan(List<Integer> steps, long least, int mostLooks, boolean rollBackWhereStarved, boolean approval) {
    public Plan {
        steps = List.copyOf(steps);
    }
}
