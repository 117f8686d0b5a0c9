package doubleeleven.gateway;

import java.util.Locale;

/**
 * The kinds of problems that the gateway answers with; the API's document lists the same. The names are part of the API: they are added
 * to, never renamed.
 */
public enum ProblemType {
    MALFORMED_REQUEST(400, "The request is malformed"),
    IDEMPOTENCY_KEY_REQUIRED(400, "A call that moves money carries an idempotency key"),
    UNAUTHORIZED(401, "The caller is unknown"),
    FORBIDDEN(403, "The caller may not do this"),
    CONSENT_REFUSED(403, "The payer's consent does not cover this"),
    /** Nothing was done, to what is live or to the shadow. */
    SHADOW_REFUSED(403, "This is no call of a stress test that runs"),
    NOT_FOUND(404, "There is no such thing"),
    METHOD_NOT_ALLOWED(405, "The method is not offered here"),
    ALREADY_OPENED(409, "The name is taken"),
    ORDER_ALREADY_PAID(409, "The order is paid"),
    /** Nothing was started: the same call may succeed later. */
    ORDER_IN_FLIGHT(409, "Another attempt is at work on the order"),
    /** Started, and lost for good: the same call never succeeds. */
    ATTEMPT_SUPERSEDED(409, "Another attempt owned the order"),
    /** Decided against because others were at the same items: the same call never succeeds. */
    ATTEMPT_CONTENDED(409, "Others got in the way of the attempt"),
    PAYMENT_NOT_SETTLED(409, "The payment is not settled yet"),
    PAYMENT_NOT_REFUNDABLE(409, "The payment cannot be refunded"),
    REFUND_IN_FLIGHT(409, "Another refund of the payment is under way"),
    REPAYMENT_IN_FLIGHT(409, "Another repayment or refund is under way"),
    PAYEE_NOT_POSTED(409, "The merchant's takings are not in its balance yet"),
    NOTHING_TO_DO(409, "There is nothing to do"),
    DECISION_NOT_SAFE(409, "Nobody may decide this"),
    TOO_MANY_ACTIONS(409, "Operators acted on the payment too often"),
    RULE_CHANGED(409, "Another version of the routing rule is in force"),
    RELEASE_AT_WORK(409, "Another release is at work in the unit"),
    NOT_REDRIVABLE(409, "These dead letters do not go back"),
    BODY_TOO_LARGE(413, "The body is too large"),
    INVALID_REQUEST(422, "The request is not valid"),
    IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used for another content"),
    /** Nothing was started: the same call may succeed later. */
    TOO_MANY_REQUESTS(429, "There are too many calls"),
    INTERNAL_ERROR(500, "The gateway failed"),
    ATTEMPT_FAILED(503, "The attempt failed"),
    /** Nothing was started: without what is named the same order may be paid at once. */
    SWITCHED_OFF(503, "This is switched off for now"),
    UNIT_UNREACHABLE(503, "No unit could be reached"),
    WORKFLOW_UNREACHABLE(503, "The workflow could not be started"),
    /** Said of the door, not of a call: callers go to another Region's. */
    DOOR_UNHEALTHY(503, "This door does not know who serves whom now");

    private static final String PREFIX = "urn:double-eleven:problem:";

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    String uri() {
        return PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
