package doubleeleven.rig;

import java.util.function.Supplier;

/** Lies between our own parts and the services they call: it decides when, whether and how often a call takes effect, and whether its answer arrives. */
@FunctionalInterface
public interface Bus {
    /** Every call takes effect at once, once, and is answered. */
    Bus DIRECT = (_, effect) -> effect.get();

    /**
     * One call of a service.
     *
     * @param caller the part that calls, such as {@code RZ01-a/phase-two}
     * @param service such as {@code DynamoDb}
     * @param operation such as {@code updateItem}
     * @param request as the SDK takes it
     */
    record ServiceCall(String caller, String service, String operation, Object request) {}

    /**
     * Carries a call.
     *
     * @param effect lets it take effect once more, and answers what the service answers; throws what it throws
     */
    Object carry(ServiceCall call, Supplier<Object> effect);
}
