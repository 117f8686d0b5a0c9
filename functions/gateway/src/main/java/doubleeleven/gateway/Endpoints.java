package doubleeleven.gateway;

import doubleeleven.notification.Endpoint;
import java.util.Optional;

/** Where merchants want to be told. What is read may be a moment old; what is written decides by what is there. */
public interface Endpoints {
    Optional<Endpoint> find(String merchant);

    /** Stores an endpoint in the place of the one that was seen, or where none was. The same endpoint again is stored already. */
    Replacement replace(Optional<Endpoint> seen, Endpoint endpoint);

    /** Takes the merchant's endpoint away, if there is one. */
    void remove(String merchant);

    /** What became of a change. */
    sealed interface Replacement {
        /** It took the place of what was seen. */
        record Replaced() implements Replacement {}

        /**
         * Nothing was changed: somebody else was faster.
         *
         * @param by what is there
         */
        record Overtaken(Optional<Endpoint> by) implements Replacement {}
    }
}
