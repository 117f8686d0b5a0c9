package doubleeleven.gateway;

import static doubleeleven.gateway.Role.MERCHANT;
import static doubleeleven.gateway.Role.OPERATOR;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every call there is, and who may make it. What is not listed is refused. */
enum Route {
    HEALTH("GET", "/health"),
    PAY("POST", "/payments", true, MERCHANT),
    PAYMENT("GET", "/payments/{id}", false, MERCHANT, OPERATOR),
    REFUND("POST", "/payments/{id}/refunds", true, MERCHANT),
    REFUND_STATE("GET", "/refunds/{id}", false, MERCHANT, OPERATOR),
    TRANSFER("POST", "/transfers", true, OPERATOR),
    TRANSFER_STATE("GET", "/transfers/{id}", false, OPERATOR),
    OPEN_CUSTOMER("POST", "/customers", false, OPERATOR),
    TOP_UP_CUSTOMER("POST", "/customers/{customer}/top-ups", true, OPERATOR),
    OPEN_COUPON("POST", "/customers/{customer}/coupons", false, OPERATOR),
    OPEN_MANDATE("POST", "/customers/{customer}/mandates", false, MERCHANT),
    ACCOUNTS("GET", "/customers/{customer}/accounts", false, OPERATOR),
    APPLY_FOR_CREDIT("POST", "/customers/{customer}/credit-applications", false, OPERATOR),
    CREDIT_APPLICATION("GET", "/customers/{customer}/credit-applications/{application}", false, OPERATOR),
    CREDIT_LINE("GET", "/customers/{customer}/credit", false, OPERATOR),
    BILLS("GET", "/customers/{customer}/bills", false, OPERATOR),
    BILL("GET", "/customers/{customer}/bills/{month}", false, OPERATOR),
    REPAY("POST", "/customers/{customer}/repayments", true, OPERATOR),
    REPAYMENT_STATE("GET", "/repayments/{id}", false, OPERATOR),
    OPEN_MERCHANT("POST", "/merchants", false, OPERATOR),
    TOP_UP_MERCHANT("POST", "/merchants/{merchant}/top-ups", true, OPERATOR),
    REPLACE_KEY("POST", "/merchants/{merchant}/keys", false, OPERATOR),
    MERCHANT_BALANCE("GET", "/merchants/{merchant}/balance", false, MERCHANT, OPERATOR),
    SET_ENDPOINT("POST", "/merchants/{merchant}/notification-endpoint", false, MERCHANT, OPERATOR),
    ENDPOINT("GET", "/merchants/{merchant}/notification-endpoint", false, MERCHANT, OPERATOR),
    REMOVE_ENDPOINT("DELETE", "/merchants/{merchant}/notification-endpoint", false, MERCHANT, OPERATOR),
    OPEN_PAYMENTS("GET", "/operations/payments", false, OPERATOR),
    EXPLAIN("GET", "/operations/payments/{id}", false, OPERATOR),
    RETRY("POST", "/operations/payments/{id}/retry", false, OPERATOR),
    DECIDE("POST", "/operations/payments/{id}/decision", false, OPERATOR),
    DEAD_LETTERS("GET", "/operations/dead-letters", false, OPERATOR),
    PREVIEW("GET", "/operations/dead-letters/{queue}", false, OPERATOR),
    REDRIVE("POST", "/operations/dead-letters/{queue}/redrive", false, OPERATOR),
    REVIEWS("GET", "/operations/credit-applications", false, OPERATOR),
    REVIEW("POST", "/operations/credit-applications/{customer}/{application}/decision", false, OPERATOR),
    CHANGE_LIMIT("POST", "/operations/credit-lines/{customer}/limit", false, OPERATOR),
    FREEZE_LINE("POST", "/operations/credit-lines/{customer}/freeze", false, OPERATOR),
    THAW_LINE("POST", "/operations/credit-lines/{customer}/thaw", false, OPERATOR),
    CLOSE_LINE("POST", "/operations/credit-lines/{customer}/closure", false, OPERATOR),
    RULE("GET", "/operations/routing-rule", false, OPERATOR),
    PUBLISH_RULE("POST", "/operations/routing-rule", false, OPERATOR),
    RULE_VERSIONS("GET", "/operations/routing-rule/versions", false, OPERATOR),
    RULE_VERSION("GET", "/operations/routing-rule/versions/{version}", false, OPERATOR),
    RULE_DIFF("GET", "/operations/routing-rule/diff", false, OPERATOR),
    ROLL_BACK_RULE("POST", "/operations/routing-rule/rollback", false, OPERATOR),
    SPREAD_RULE("POST", "/operations/routing-rule/spread", false, OPERATOR),
    UNITS("GET", "/operations/units", false, OPERATOR),
    FAIL_OVER("POST", "/operations/units/{unit}/failovers", false, OPERATOR),
    FAILOVERS("GET", "/operations/units/{unit}/failovers", false, OPERATOR),
    FAILOVER("GET", "/operations/units/{unit}/failovers/{failover}", false, OPERATOR),
    BEGIN_RELEASE("POST", "/operations/units/{unit}/releases", false, OPERATOR),
    RELEASES("GET", "/operations/units/{unit}/releases", false, OPERATOR),
    RELEASE("GET", "/operations/units/{unit}/releases/{release}", false, OPERATOR),
    DECIDE_RELEASE("POST", "/operations/units/{unit}/releases/{release}/decision", false, OPERATOR),
    ADMIT_STRESS_TEST("POST", "/operations/stress-tests", false, OPERATOR),
    STRESS_TEST("GET", "/operations/stress-tests/{test}", false, OPERATOR),
    RUN_STRESS_TEST("POST", "/operations/stress-tests/{test}/run", false, OPERATOR),
    STOP_STRESS_TEST("POST", "/operations/stress-tests/{test}/stop", false, OPERATOR);

    private final String method;
    private final String path;
    private final boolean movesMoney;

    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
    private final Set<Role> roles;

    /** A call that anybody may make, without a key: it moves nothing, and reads nothing that is anybody's. */
    Route(String method, String path) {
        this.method = method;
        this.path = path;
        this.movesMoney = false;
        this.roles = Set.of();
    }

    /** A call for a key of one of the roles. It names one at least, so that none is open because somebody forgot. */
    Route(String method, String path, boolean movesMoney, Role role, Role... others) {
        this.method = method;
        this.path = path;
        this.movesMoney = movesMoney;
        this.roles = EnumSet.of(role, others);
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    /** Such a call needs an idempotency key. */
    boolean movesMoney() {
        return movesMoney;
    }

    /** A new key is asked for without saying anything about it. */
    boolean takesBody() {
        return method.equals("POST") && this != REPLACE_KEY;
    }

    /** Nobody is asked who they are. */
    boolean needsNoKey() {
        return roles.isEmpty();
    }

    boolean isOpenTo(Role role) {
        return roles.contains(role);
    }

    /** A route with the variable parts of the path. */
    record Match(Route route, Map<String, String> variables) {
        String variable(String name) {
            String value = variables.get(name);
            if (value == null) {
                throw new IllegalStateException(route + " has no variable " + name);
            }
            return value;
        }
    }

    /** Finds the call that is meant; a path that exists under another method is told apart from one that does not. */
    static Checked<Match> find(Set<Route> offered, String method, String path) {
        List<String> allowed = new ArrayList<>();
        for (Route route : offered) {
            Map<String, String> variables = variables(route.path, path);
            if (variables != null) {
                if (route.method.equals(method)) {
                    return new Checked.Passed<>(new Match(route, variables));
                }
                allowed.add(route.method);
            }
        }
        if (allowed.isEmpty()) {
            return new Checked.Refused<>(Problem.notFound());
        }
        return new Checked.Refused<>(
                Problem.of(ProblemType.METHOD_NOT_ALLOWED, "This address takes " + String.join(", ", allowed) + ".")
                        .withHeader("Allow", String.join(", ", allowed)));
    }

    private static @Nullable Map<String, String> variables(String template, String path) {
        String[] wanted = template.split("/", -1);
        String[] given = path.split("/", -1);
        if (wanted.length != given.length) {
            return null;
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].startsWith("{") && Text.ID.accepts(given[i])) {
                variables.put(wanted[i].substring(1, wanted[i].length() - 1), given[i]);
            } else if (!wanted[i].equals(given[i])) {
                return null;
            }
        }
        return variables;
    }
}
