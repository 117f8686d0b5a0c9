package doubleeleven.gateway;

import java.util.Optional;

/** The gateway of the resources that stress tests run on. It looks at the mark again. */
@FunctionalInterface
public interface ShadowGateway {
    /** Its answer; empty where it gives none. */
    Optional<Answer> answer(Request request);
}
