package doubleeleven.rig.sim;

import doubleeleven.it.client.Answer;
import java.util.Map;

/** Makes an operator's calls, wherever they go in. */
interface Operator {
    /** Reads. */
    Answer get(String path);

    /** Acts. */
    Answer post(String path, Map<String, ?> body);
}
