package doubleeleven.rig.explore;

/**
 * One step of a history.
 *
 * @param who the execution or the worker
 * @param call the request or the message that it is about
 * @param to the state it leads to
 * @param wrong what is wrong with the step itself; empty where nothing is
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Step(Kind kind, int who, int call, String how, int[] to, String wrong) {
    enum Kind {
        BEGINS,
        STEPS,
        DIES,
        LANDS,
        TAKES,
        LOSES,
        WORKS,
        WORKER_DIES,
        RECOVERS,
        ASKS_TO_RECLAIM
    }

    /** A step in which no write lands. */
    Step(Kind kind, int who, int call, String how, int[] to) {
        this(kind, who, call, how, to, "");
    }

    /** What happens, as a line of a history. */
    String told(Interned<Object> requests, Messages messages) {
        return switch (kind) {
            case BEGINS -> "execution " + who + " begins";
            case STEPS -> "execution " + who + ": " + Guards.name(requests.value(call)) + " " + how;
            case DIES -> "execution " + who + " dies";
            case LANDS -> Guards.name(requests.value(call)) + " lands late";
            case TAKES -> "a worker takes the " + messages.name(call) + how;
            case LOSES -> "the " + messages.name(call) + " is never sent";
            case WORKS -> "worker: " + Guards.name(requests.value(call)) + " " + how;
            case WORKER_DIES -> "a worker dies";
            case RECOVERS -> "recovery begins";
            case ASKS_TO_RECLAIM -> "somebody sends the " + messages.name(call);
        };
    }
}
