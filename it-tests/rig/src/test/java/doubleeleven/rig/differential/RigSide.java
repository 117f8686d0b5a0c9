package doubleeleven.rig.differential;

import doubleeleven.aws.Json;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Answer;
import doubleeleven.rig.Bus;
import doubleeleven.rig.Course;
import doubleeleven.rig.Refusals;
import doubleeleven.rig.Topology;
import doubleeleven.rig.World;
import doubleeleven.testkit.ManualClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionResponse;
import software.amazon.awssdk.services.sfn.model.SyncExecutionStatus;

/** The rig, one part at a time: its time goes on by a millisecond whenever somebody looks at it, and by pauses. */
final class RigSide implements Side {
    private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(4);
    private static final int SWEEPS_AT_MOST = 60;

    private final ManualClock clock = new ManualClock() {
        @Override
        public Instant instant() {
            pass(Duration.ofMillis(1));
            return super.instant();
        }
    };
    private final Course direct = Course.direct(this::carry, clock);
    private final List<Begun> executions = new ArrayList<>();
    private final List<Broken> breakages = new ArrayList<>();
    private final World world;
    private int deaths;

    RigSide(Topology topology) {
        this.world = World.open(topology, new Recording(), new Random(11), World.SILENT);
    }

    @Override
    public String operatorKey() {
        return world.operatorKey();
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Answer call(Call call) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Authorization", "Bearer " + call.key());
        if (!call.body().isEmpty()) {
            headers.put("Content-Type", "application/json");
        }
        if (!call.idempotencyKey().isEmpty()) {
            headers.put("Idempotency-Key", call.idempotencyKey());
        }
        return world.call(
                call.region(), call.method(), call.path(), headers, call.body().isEmpty() ? null : call.body());
    }

    @Override
    public Answer callThatDies(Call call, int count) {
        deaths = count;
        Answer answer = call(call);
        if (deaths > 0) {
            throw new AssertionError(deaths + " executions did not die");
        }
        return answer;
    }

    @Override
    public Injected inject(Breakage breakage) {
        Broken broken = new Broken(breakage);
        breakages.add(broken);
        return broken;
    }

    @Override
    public void pass(Duration time) {
        clock.pass(time);
    }

    @Override
    public void await(String what, BooleanSupplier condition) {
        for (int i = 0; i < SWEEPS_AT_MOST; i++) {
            world.drain();
            if (condition.getAsBoolean()) {
                return;
            }
            clock.pass(BETWEEN_SWEEPS);
            world.recover();
        }
        throw new AssertionError("never came: " + what);
    }

    @Override
    public boolean isIdle(String text) {
        return world.waiting() == 0;
    }

    @Override
    public List<Map<String, AttributeValue>> items(String table) {
        return Snapshot.scan(world.tables(), table);
    }

    @Override
    public List<Execution> executions(String text) {
        return executions.stream()
                .filter(begun -> begun.input.contains(text))
                .map(begun -> begun.told(world))
                .toList();
    }

    @Override
    public void close() {
        world.close();
    }

    private Object carry(Bus.ServiceCall call, Supplier<Object> effect) {
        if (call.request() instanceof StartSyncExecutionRequest request) {
            Begun begun = new Begun(request.name(), request.stateMachineArn(), request.input());
            executions.add(begun);
            Object answer = effect.get();
            begun.answer = (StartSyncExecutionResponse) answer;
            return answer;
        }
        if (call.request() instanceof StartExecutionRequest request
                && executions.stream().noneMatch(begun -> begun.name.equals(request.name()))) {
            executions.add(new Begun(request.name(), request.stateMachineArn(), request.input()));
        }
        if (deaths > 0 && call.service().equals("Lambda")) {
            deaths--;
            throw new Died();
        }
        return breakages.stream()
                .filter(broken -> broken.fits(call))
                .findFirst()
                .map(broken -> broken.carry(effect))
                .orElseGet(effect);
    }

    /** Ends an execution wherever it is. */
    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;

        Died() {
            super("died", null, false, false);
        }
    }

    private static final class Begun {
        private final String name;
        private final String workflow;
        private final String input;
        private final List<String> sites = new ArrayList<>();
        /** Null of an execution that nobody waited for. */
        private StartSyncExecutionResponse answer;

        Begun(String name, String arn, String input) {
            this.name = name;
            this.workflow = arn.substring(arn.lastIndexOf(':') + 1);
            this.input = input;
        }

        Execution told(World world) {
            Optional<String> output = answer == null
                    ? world.outputOf(name).map(Json::write)
                    : Optional.ofNullable(answer.output())
                            .filter(_ -> answer.status() == SyncExecutionStatus.SUCCEEDED);
            return new Execution(
                    name,
                    workflow,
                    output.isPresent(),
                    output.map(Json::object).orElse(Map.of()),
                    List.copyOf(sites),
                    "");
        }
    }

    private final class Broken implements Injected {
        private final Breakage breakage;
        private long hits;

        Broken(Breakage breakage) {
            this.breakage = breakage;
        }

        boolean fits(Bus.ServiceCall call) {
            return hits < breakage.count()
                    && call.service().equalsIgnoreCase(breakage.service())
                    && call.operation().equalsIgnoreCase(breakage.operation())
                    && breakage.contains().stream().allMatch(call.request().toString()::contains);
        }

        Object carry(Supplier<Object> effect) {
            hits++;
            return switch (breakage.mode()) {
                case UNAVAILABLE -> throw refusal("ServiceUnavailable", 503);
                case THROTTLE -> throw refusal("ProvisionedThroughputExceededException", 400);
                case CONFLICT -> throw refusal("ReplicatedWriteConflictException", 400);
                case LOST_ANSWER -> {
                    var _ = effect.get();
                    throw refusal("ServiceUnavailable", 503);
                }
                case DUPLICATE -> {
                    var _ = effect.get();
                    yield effect.get();
                }
            };
        }

        private RuntimeException refusal(String code, int status) {
            if (!breakage.service().toLowerCase(Locale.ROOT).equals("dynamodb")) {
                throw new UnsupportedOperationException("only calls of DynamoDB are refused here");
            }
            return Refusals.of(DynamoDbException.builder(), "DynamoDb", code, status, "injected");
        }

        @Override
        public long hits() {
            return hits;
        }

        @Override
        public void remove() {
            breakages.remove(this);
        }
    }

    /** Everything at once and in one thread, with a note of the states that executions enter. */
    private final class Recording implements Course.Beside {
        @Override
        public Course other() {
            return direct;
        }

        @Override
        public boolean isOneAtATime() {
            return true;
        }

        @Override
        public void pause(Duration pause) {
            clock.pass(pause);
        }

        @Override
        public <T> T run(String part, Duration limit, Supplier<T> work) {
            try {
                return work.get();
            } catch (Died e) {
                throw new Cut(part + " died");
            }
        }

        @Override
        public void entered(String part, String site) {
            String workflow = "double11-" + part.toLowerCase(Locale.ROOT).replace('/', '-');
            executions.reversed().stream()
                    .filter(begun -> begun.workflow.equals(workflow))
                    .findFirst()
                    .orElseThrow()
                    .sites
                    .add(site);
        }
    }
}
