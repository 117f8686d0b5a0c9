package doubleeleven.rig.explore;

/** A defect: what becomes of the calls of our own parts where a guard is missing. */
interface Mutation {
    Mutation NONE = new Mutation() {};

    /** The request as it reaches the database. */
    default Object request(Object request) {
        return request;
    }

    /** The answer as the part understands it. */
    default Answer answer(String part, Object request, Answer answer) {
        return answer;
    }
}
