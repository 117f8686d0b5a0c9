package doubleeleven.rig.sim;

import doubleeleven.rig.Bus;
import doubleeleven.rig.Course.Cut;
import doubleeleven.rig.Refusals;
import doubleeleven.rig.Topology;
import doubleeleven.rig.sim.Faults.Kind;
import doubleeleven.testkit.LocalTables;
import java.net.ConnectException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.sfn.model.SendTaskSuccessRequest;
import software.amazon.awssdk.services.sfn.model.SfnException;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * Between callers and services: every call takes its time there and back, some get lost, some come twice or late. A function's call is
 * seen as its SDK client shows it, after its own repetitions; a workflow's as Step Functions shows it, which makes none.
 */
final class Network implements Bus {
    private static final long MILLI = 1000;
    private static final long SECOND = 1_000_000;
    /** No worker lives longer: what lands later than that is not thought of. */
    private static final long LATEST = 55 * SECOND;

    private static final long SDK_ATTEMPT = 2 * SECOND;
    private static final long SDK_CALL = 8 * SECOND;
    private static final long EXECUTION = 16 * SECOND;

    private final Scheduler scheduler;
    private final Faults faults;
    private final Trace trace;
    private final SplittableRandom random;
    private Bus landing = Bus.DIRECT;
    private long carried;
    private final Topology topology;
    private final Map<String, Long> awayUntil = new HashMap<>();
    private final Map<String, Long> cutOffUntil = new HashMap<>();
    private final Map<String, Long> hangsUntil = new HashMap<>();
    private final Map<String, Long> ruleUnreadableUntil = new HashMap<>();

    Network(Scheduler scheduler, Faults faults, Trace trace, SplittableRandom random, Topology topology) {
        this.topology = topology;
        this.scheduler = scheduler;
        this.faults = faults;
        this.trace = trace;
        this.random = random;
    }

    /** Carries calls where they land. */
    void landBy(Bus landing) {
        this.landing = landing;
    }

    /** Calls of services so far. */
    long carried() {
        return carried;
    }

    /** A Region's functions are gone until then. */
    void away(String region, long untilMicros) {
        awayUntil.put(region, untilMicros);
    }

    /** When they are back; now, where they are there. */
    long backAt(String region) {
        return Math.max(scheduler.micros(), awayUntil.getOrDefault(region, 0L));
    }

    boolean isAway(String region) {
        return backAt(region) > scheduler.micros();
    }

    /** A Region and the others do not reach each other until then. */
    void cutOff(String region, long untilMicros) {
        cutOffUntil.put(region, untilMicros);
    }

    boolean isCutOff(String region) {
        return cutOffUntil.getOrDefault(region, 0L) > scheduler.micros();
    }

    /** A unit answers nobody until then. */
    void hang(String unit, long untilMicros) {
        hangsUntil.put("double11-" + unit.toLowerCase(Locale.ROOT) + "-", untilMicros);
    }

    private boolean hangs(ServiceCall call) {
        return call.request() instanceof StartSyncExecutionRequest start
                && hangsUntil.entrySet().stream()
                        .anyMatch(unit -> start.stateMachineArn().contains(unit.getKey())
                                && unit.getValue() > scheduler.micros());
    }

    /** A Region's gateways cannot read the routing rule until then. */
    void keepTheRuleFrom(String region, long untilMicros) {
        ruleUnreadableUntil.put(region, untilMicros);
    }

    private boolean isKeptFrom(ServiceCall call) {
        return call.caller().endsWith("/gateway")
                && call.request() instanceof GetItemRequest get
                && get.tableName().equals(LocalTables.CONTROL)
                && ruleUnreadableUntil.getOrDefault(topology.regionOfPart(call.caller()), 0L) > scheduler.micros();
    }

    private boolean isReached(String region, ServiceCall call) {
        String from = topology.regionOfPart(call.caller());
        return !isAway(region) && (from.equals(region) || !(isCutOff(from) || isCutOff(region)));
    }

    /** Mostly a few milliseconds, now and then much more: that is what lets anything overtake anything. */
    long latency() {
        int drawn = random.nextInt(1000);
        return drawn < 930
                ? random.nextLong(MILLI, 6 * MILLI)
                : drawn < 995 ? random.nextLong(6 * MILLI, 250 * MILLI) : random.nextLong(250 * MILLI, 1400 * MILLI);
    }

    /** What became of a call where it landed. */
    private static final class Landing {
        private @Nullable Object answer;
        private @Nullable RuntimeException refusal;
    }

    @Override
    public Object carry(ServiceCall call, Supplier<Object> effect) {
        Scheduler.check(scheduler.current());
        carried++;
        Supplier<Object> landed = () -> landing.carry(call, effect);
        return switch (call.service()) {
            case "Sfn" -> execution(call, landed);
            case "Lambda" -> invocation(call, landed);
            default -> request(call, landed);
        };
    }

    /** A call of a database, a queue or a topic. */
    private Object request(ServiceCall call, Supplier<Object> effect) {
        boolean workflow = call.caller().endsWith("/payment-tcc");
        if (!workflow) {
            perhapsPause(call, Kind.PAUSED);
        }
        unreachable(call);
        Kind fault = isKeptFrom(call) ? Kind.SERVICE_ERROR : applicable(call, faults.ofACall());
        Landing landing = new Landing();
        long there = scheduler.micros() + latency();
        long back = latency();
        if (fault == null) {
            return plain(call, landing, effect, there, back);
        }
        faults.count(fault);
        note(call, fault.name());
        long patience = workflow ? Long.MAX_VALUE / 2 - there : patience(call);
        return switch (fault) {
            case LOST -> workflow ? never(patience) : retried(call, landing, effect, there, patience, false);
            case LATE -> {
                land(call, landing, effect, scheduler.micros() + faults.between(SECOND, LATEST), "late");
                yield never(patience);
            }
            case ANSWER_LOST -> {
                land(call, landing, effect, there, "no answer");
                yield workflow ? never(patience) : retried(call, landing, effect, there, patience, true);
            }
            case AGAIN_LATE -> {
                land(call, new Landing(), effect, there + faults.between(10 * MILLI, LATEST), "again");
                yield plain(call, landing, effect, there, back);
            }
            case THROTTLED, SERVICE_ERROR, CONFLICT -> {
                scheduler.sleepUntil(there + back + (workflow ? 0 : faults.between(0, Math.min(patience, 2 * SECOND))));
                throw refusal(call, fault);
            }
            case CRASH -> {
                if (faults.even()) {
                    land(call, landing, effect, there, "by the dead");
                }
                throw scheduler.die();
            }
            default -> throw new IllegalStateException("no fault of a call: " + fault);
        };
    }

    /** No caller notices that it stood still. */
    private void perhapsPause(ServiceCall call, Kind pause) {
        if (faults.strikes(pause)) {
            faults.count(pause);
            note(call, pause.name());
            scheduler.sleepUntil(scheduler.micros() + faults.between(SECOND, 12 * SECOND));
        }
    }

    private Object plain(ServiceCall call, Landing landing, Supplier<Object> effect, long there, long back) {
        land(call, landing, effect, there, "");
        scheduler.sleepUntil(there + back);
        return open(landing);
    }

    /** The SDK's client makes the call again once a try has taken too long; half of the time that one is lost as well. */
    private Object retried(
            ServiceCall call, Landing landing, Supplier<Object> effect, long there, long patience, boolean landed) {
        long again = there + Math.min(SDK_ATTEMPT, patience / 2);
        if (faults.even()) {
            scheduler.sleepUntil(there + patience);
            throw timedOut(call);
        }
        Landing second = new Landing();
        return plain(call, landed ? second : landing, effect, again, latency());
    }

    private Object never(long patience) {
        scheduler.sleepUntil(scheduler.micros() + patience);
        throw ApiCallTimeoutException.builder().message("no answer").build();
    }

    /** The call takes effect at that time, whatever has become of its caller. */
    private void land(ServiceCall call, Landing landing, Supplier<Object> effect, long when, String how) {
        scheduler.at(when, () -> {
            try {
                landing.answer = effect.get();
                note(call, "landed " + how);
            } catch (ConditionalCheckFailedException e) {
                landing.refusal = e;
                note(call, "refused " + how);
            } catch (AwsServiceException e) {
                landing.refusal = e;
                note(call, e.getClass().getSimpleName() + " " + how);
            }
        });
    }

    private static Object open(Landing landing) {
        RuntimeException refusal = landing.refusal;
        if (refusal != null) {
            throw refusal;
        }
        Object answer = landing.answer;
        if (answer == null) {
            throw new IllegalStateException("an answer before the call landed");
        }
        return answer;
    }

    /** A function called by a workflow. */
    private Object invocation(ServiceCall call, Supplier<Object> effect) {
        Kind fault = faults.ofACall();
        if (fault == Kind.CRASH || fault == Kind.LOST || fault == Kind.LATE || fault == Kind.ANSWER_LOST) {
            faults.count(fault);
            note(call, fault.name());
        }
        if (fault == Kind.CRASH) {
            throw scheduler.die();
        }
        scheduler.sleepUntil(scheduler.micros() + latency());
        if (fault == Kind.LOST || fault == Kind.LATE) {
            // Longer than the workflow waits.
            scheduler.sleepUntil(scheduler.micros() + EXECUTION);
        }
        Object answer = effect.get();
        if (fault == Kind.ANSWER_LOST) {
            scheduler.sleepUntil(scheduler.micros() + EXECUTION);
        }
        scheduler.sleepUntil(scheduler.micros() + latency());
        return answer;
    }

    /** A workflow started by the gateway, which waits for it. */
    private Object execution(ServiceCall call, Supplier<Object> effect) {
        perhapsPause(call, Kind.PAUSED_WITH_A_RULE);
        long patience = patience(call);
        long began = scheduler.micros();
        unreachable(call);
        Kind fault = applicable(call, faults.ofACall());
        if (fault != null) {
            faults.count(fault);
            note(call, fault.name());
        }
        scheduler.sleepUntil(began + latency());
        if (hangs(call)) {
            return hung(call, effect, began + patience);
        }
        switch (fault) {
            case LOST -> {
                scheduler.sleepUntil(began + patience);
                throw timedOut(call);
            }
            case LATE -> {
                begin(call, "/late", began + faults.between(SECOND, LATEST), effect);
                scheduler.sleepUntil(began + patience);
                throw timedOut(call);
            }
            case AGAIN_LATE -> begin(call, "/again", began + faults.between(10 * MILLI, LATEST), effect);
            case THROTTLED, SERVICE_ERROR -> throw refusal(call, fault);
            case CRASH -> {
                if (faults.even()) {
                    begin(call, "/orphan", began, effect);
                }
                throw scheduler.die();
            }
            case null, default -> {}
        }
        Object answer;
        try {
            answer = scheduler.within(Math.max(1, began + patience - scheduler.micros()), effect);
        } catch (Cut e) {
            throw timedOut(call);
        }
        if (fault == Kind.ANSWER_LOST || isInVain(call)) {
            scheduler.sleepUntil(began + patience);
            throw timedOut(call);
        }
        scheduler.sleepUntil(scheduler.micros() + latency());
        return answer;
    }

    /** It runs at once, or when it wakes up, or never; whoever waits hears nothing of it. */
    private Object hung(ServiceCall call, Supplier<Object> effect, long until) {
        note(call, "hangs");
        if (faults.even()) {
            begin(call, "/hung", scheduler.micros() + (faults.even() ? 0 : faults.between(0, LATEST)), effect);
        }
        scheduler.sleepUntil(until);
        throw timedOut(call);
    }

    /** Begins an execution that nobody waits for. */
    private void begin(ServiceCall call, String how, long when, Supplier<Object> effect) {
        scheduler.begin(call.caller() + how, when, () -> {
            try {
                trace.note(call.caller() + how + " ended " + effect.get());
            } catch (SfnException e) {
                trace.note(call.caller() + how + " refused " + e.getMessage());
            }
        });
    }

    /** Workflows and queues of a Region whose functions are gone do not answer either: to its callers the Region is gone. */
    private void unreachable(ServiceCall call) {
        if (isInVain(call)) {
            note(call, "unreachable");
            scheduler.sleepUntil(scheduler.micros() + 300 * MILLI);
            throw SdkClientException.builder()
                    .message("no connection")
                    .cause(new ConnectException("Connection refused"))
                    .build();
        }
    }

    private boolean isInVain(ServiceCall call) {
        String target = switch (call.request()) {
            case StartSyncExecutionRequest request -> request.stateMachineArn();
            case StartExecutionRequest request -> request.stateMachineArn();
            case SendTaskSuccessRequest request -> request.taskToken();
            case SendMessageRequest request -> request.queueUrl();
            case SendMessageBatchRequest request -> request.queueUrl();
            default -> "";
        };
        return topology.regions().stream().anyMatch(region -> target.contains(region) && !isReached(region, call));
    }

    /** Only writes meet conflicts, and only in tables. */
    private static @Nullable Kind applicable(ServiceCall call, @Nullable Kind fault) {
        boolean write = call.service().equals("DynamoDb")
                && (call.operation().equals("updateItem") || call.operation().equals("putItem"));
        return fault == Kind.CONFLICT && !write ? null : fault;
    }

    private static long patience(ServiceCall call) {
        long usual = call.service().equals("Sfn")
                ? EXECUTION
                : call.caller().endsWith("/gateway") && call.service().equals("Sqs") ? SECOND : SDK_CALL;
        return call.request() instanceof AwsRequest request
                ? request.overrideConfiguration()
                        .flatMap(override -> override.apiCallTimeout())
                        .map(Duration::toMillis)
                        .map(millis -> millis * MILLI)
                        .orElse(usual)
                : usual;
    }

    private static ApiCallTimeoutException timedOut(ServiceCall call) {
        return ApiCallTimeoutException.builder()
                .message(call.operation() + " was not answered in time")
                .build();
    }

    private static AwsServiceException refusal(ServiceCall call, Kind fault) {
        AwsServiceException.Builder builder = switch (call.service()) {
            case "DynamoDb" -> DynamoDbException.builder();
            case "Sqs" -> SqsException.builder();
            case "Sns" -> SnsException.builder();
            case "Sfn" -> SfnException.builder();
            default -> throw new IllegalStateException("no such service: " + call.service());
        };
        String code = switch (fault) {
            case THROTTLED -> "ThrottlingException";
            case CONFLICT -> "ReplicatedWriteConflictException";
            default -> "InternalServerError";
        };
        return Refusals.of(builder, call.service(), code, fault == Kind.SERVICE_ERROR ? 500 : 400, "by chance");
    }

    private void note(ServiceCall call, String what) {
        String target = target(call.request());
        String line = "%,d %s %s %s %s".formatted(scheduler.micros(), call.caller(), call.operation(), target, what);
        String about = order(call.request());
        if (about.isEmpty()) {
            trace.note(line);
        } else {
            trace.note(about, line);
        }
    }

    private static String target(Object request) {
        return switch (request) {
            case UpdateItemRequest update -> key(update.key()) + " " + update.updateExpression();
            case GetItemRequest get -> key(get.key()).startsWith("KEY#") ? "KEY" : key(get.key());
            case PutItemRequest put -> key(put.item()).startsWith("KEY#") ? "KEY" : key(put.item());
            default -> "";
        };
    }

    private static String key(Map<String, AttributeValue> item) {
        AttributeValue pk = item.get("pk");
        AttributeValue sk = item.get("sk");
        return (pk == null ? "" : pk.s()) + (sk == null ? "" : "/" + sk.s());
    }

    /** The order that a call is about, as far as it says so. */
    private static String order(Object request) {
        if (request instanceof UpdateItemRequest update) {
            for (String name : new String[] {":hold", ":tombstone"}) {
                AttributeValue value = update.expressionAttributeValues().get(name);
                if (value != null && value.hasM() && value.m().containsKey("order")) {
                    return value.m().get("order").s();
                }
            }
            return key(update.key());
        }
        return switch (request) {
            case GetItemRequest get -> key(get.key());
            case PutItemRequest put ->
                put.item().containsKey("payment") ? put.item().get("payment").s() : key(put.item());
            default -> "";
        };
    }
}
