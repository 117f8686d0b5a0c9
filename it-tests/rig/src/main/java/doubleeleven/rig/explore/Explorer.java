package doubleeleven.rig.explore;

import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.ledger.aws.PostingHandler;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.aws.PhaseTwoHandler;
import doubleeleven.payment.aws.RecoveryHandler;
import doubleeleven.rig.Clients;
import doubleeleven.rig.World;
import doubleeleven.rig.explore.Parts.Node;
import doubleeleven.rig.explore.Parts.Pending;
import doubleeleven.rig.explore.Scenario.Attempt;
import doubleeleven.rig.explore.Scenario.Bounds;
import doubleeleven.rig.explore.Scenario.Execution;
import doubleeleven.rig.explore.Scenario.Start;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.asl.StateMachine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/**
 * Explores a scenario: from each state every step that may come next, each state once.
 *
 * <p>A state is the items, how far each execution and each worker has got, the messages under way, the calls that may still land, and what
 * has gone wrong so far. Two things are left out because they cannot matter: risk is answered first, since its answer touches no item
 * and so commutes with every other step; and equal executions and equal workers are not told apart.
 */
final class Explorer {
    private static final int IDLE = -1;
    private static final int DEAD = -2;
    /** Two equal messages may be handled at once; a third adds nothing. */
    private static final int SAME_MESSAGES = 2;
    /** Recovery looks again after each postponement; only a fault makes it postpone again. */
    private static final int LOOKS = 6;

    /** What may become of a call. */
    private enum Fate {
        ANSWERED(false, true, true, false),
        LOST(true, false, false, false),
        ANSWER_LOST(true, true, false, false),
        LANDS_LATER(true, false, false, true),
        LANDS_AGAIN(true, true, true, true);

        final boolean fault;
        final boolean lands;
        final boolean answered;
        final boolean late;

        Fate(boolean fault, boolean lands, boolean answered, boolean late) {
            this.fault = fault;
            this.lands = lands;
            this.answered = answered;
            this.late = late;
        }
    }

    private enum Kind {
        BEGINS,
        STEPS,
        DIES,
        LANDS,
        TAKES,
        WORKS,
        WORKER_DIES,
        RECOVERS,
        ASKS_TO_RECLAIM
    }

    /** One step: what happens, the state it leads to, and what is wrong with the step itself; empty where nothing is. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Step(Kind kind, int who, int call, String how, int[] to, String wrong) {
        /** A step in which no write lands. */
        Step(Kind kind, int who, int call, String how, int[] to) {
            this(kind, who, call, how, to, "");
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Frame(int[] state, List<Step> steps, int[] next, double[] histories) {}

    private final Scenario scenario;
    private final Bounds bounds;
    private final Mutation mutation;
    private final Slots slots;
    private final Interned<Object> requests = new Interned<>();
    private final Interned<Answer> answers = new Interned<>();
    private final Parts parts;
    private final Messages messages;
    private final Invariants invariants;
    private final int[] executions;
    private final int[] workers;
    private final int[] lateWorkers;
    private final int[] recoveries;
    private final int lost;
    private final int lostToFunction;
    private final int sent;
    private final int[] verdicts;
    private final int[] orders;
    private final Map<Integer, Integer> decided = new HashMap<>();
    /** What is wrong with the write that landed last; empty where nothing is. */
    private String landedWrong = "";

    private final int firstWorker;
    private final int firstMessage;
    private final int faultsAt;
    private final int earlyAt;
    private final int width;

    /** A history that must not be. */
    record Violation(String what, List<String> history) {}

    /**
     * What was found.
     *
     * @param states distinct states
     * @param histories ways from the beginning to an end
     * @param steps steps between states
     * @param asked distinct pairs of items and call that DynamoDB Local was asked
     * @param complete whether every state was reached within the limit
     * @param violation the first one that was met, if any
     */
    record Result(
            Scenario scenario,
            long states,
            double histories,
            long steps,
            int asked,
            boolean complete,
            @Nullable Violation violation) {}

    Explorer(Scenario scenario, LocalTables tables, StateMachine machine, Mutation mutation) {
        this.scenario = scenario;
        this.bounds = scenario.bounds();
        this.mutation = mutation;
        this.slots = new Slots(tables, List.copyOf(scenario.items().keySet()), requests, answers, mutation::request);
        this.parts = new Parts(requests, answers, this::constant);
        this.messages = new Messages(scenario);
        this.invariants = new Invariants(scenario, slots);
        this.executions = executions(machine);
        this.workers = workers("worker on ", Fixture.LATE);
        this.lateWorkers = workers("worker hours later on ", Fixture.HOURS_LATER);
        this.recoveries = IntStream.range(0, LOOKS)
                .map(look -> parts.add("recovery", Handlers.sweep(new RecoveryHandler(host(lookAt(look))))))
                .toArray();
        this.lost = answers.id(new Answer.Timeout());
        this.lostToFunction = answers.id(new Answer.CallTimeout());
        this.sent = answers.id(new Answer.Given(SendMessageResponse.builder().build()));
        this.verdicts = bounds.risk()
                ? new int[] {
                    answers.id(new Answer.Given(Fixture.APPROVE)), answers.id(new Answer.Given(Fixture.DECLINE))
                }
                : new int[] {answers.id(new Answer.Given(Fixture.APPROVE))};
        this.orders = scenario.attempts().stream()
                .map(attempt -> slots.slotOf(Fixture.place(attempt.order())))
                .distinct()
                .mapToInt(Integer::intValue)
                .toArray();
        this.firstWorker = slots.count() + executions.length;
        this.firstMessage = firstWorker + 2 * bounds.workers();
        this.faultsAt = firstMessage + messages.count();
        this.earlyAt = faultsAt + 1;
        this.width = earlyAt + 1;
    }

    private int[] executions(StateMachine machine) {
        Map<Integer, Integer> byAttempt = new HashMap<>();
        return scenario.executions().stream()
                .mapToInt(execution -> byAttempt.computeIfAbsent(
                        execution.attempt(),
                        number -> parts.add(
                                "execution of attempt " + number,
                                new Workflow(
                                        parts,
                                        machine,
                                        scenario.attempts().get(number).input()))))
                .toArray();
    }

    private int[] workers(String name, Instant now) {
        PhaseTwoHandler phaseTwo = new PhaseTwoHandler(host(now));
        PostingHandler posting = new PostingHandler(host(now));
        int[] made = new int[messages.count()];
        for (int i = 0; i < made.length; i++) {
            made[i] = parts.add(
                    name + messages.name(i),
                    Handlers.batch(messages.isPosting(i) ? posting : phaseTwo, messages.body(i)));
        }
        return made;
    }

    private Host host(Instant now) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "AWS_REGION",
                "us-east-1",
                "UNIT",
                "RZ01",
                "COLOUR",
                "a",
                "ACCOUNT_TABLE",
                LocalTables.ACCOUNT,
                "PAYMENT_TABLE",
                LocalTables.PAYMENT,
                "POSTING_QUEUE_URL",
                Messages.POSTING,
                "PHASE_TWO_QUEUE_URL",
                Messages.PHASE_TWO,
                "RECOVERY_WORKERS",
                "1"));
        environment.put("TOPOLOGY", RoutingDocument.write(Fixture.RULE));
        return new Host(
                new Environment(environment),
                (type, _, _) -> Clients.over(parts, "function", type, null),
                Clock.fixed(now, ZoneOffset.UTC),
                new Random(1),
                World.SILENT);
    }

    /** Answers what does not depend on the state: reads of items that never change, and the index, whose hits are hints that may be old. */
    private @Nullable Answer constant(Object request) {
        if (request instanceof QueryRequest query && query.indexName() != null) {
            AttributeValue due = query.expressionAttributeValues().values().stream()
                    .filter(value -> value.s() != null)
                    .findFirst()
                    .orElseThrow();
            List<Map<String, AttributeValue>> hits = due.s().equals(Fixture.DUE_KEY)
                    ? Arrays.stream(orders)
                            .mapToObj(slot -> slots.place(slot).key())
                            .toList()
                    : List.of();
            return new Answer.Given(
                    QueryResponse.builder().items(hits).count(hits.size()).build());
        }
        return null;
    }

    // The search

    /**
     * Explores depth first.
     *
     * @param most states after which to give up
     */
    Result explore(long most) {
        try {
            return search(most);
        } finally {
            slots.clear();
        }
    }

    private Result search(long most) {
        Visited visited = new Visited();
        List<Frame> path = new ArrayList<>();
        List<Step> taken = new ArrayList<>();
        long steps = 0;
        int[] begin = start();
        visited.add(begin);
        Frame frame = frame(begin);
        String wrong = wrong(begin, frame.steps());
        while (wrong.isEmpty()) {
            int at = frame.next()[0];
            if (at == frame.steps().size()) {
                visited.set(visited.find(frame.state()), frame.steps().isEmpty() ? 1 : frame.histories()[0]);
                if (path.isEmpty()) {
                    return new Result(scenario, visited.size(), frame.histories()[0], steps, slots.asked(), true, null);
                }
                double histories = frame.steps().isEmpty() ? 1 : frame.histories()[0];
                frame = path.removeLast();
                taken.removeLast();
                frame.histories()[0] += histories;
                continue;
            }
            frame.next()[0]++;
            Step step = frame.steps().get(at);
            steps++;
            if (!step.wrong().isEmpty()) {
                taken.add(step);
                wrong = step.wrong();
                break;
            }
            int place = visited.add(step.to());
            if (place < 0) {
                double known = visited.histories(-place - 1);
                if (known == Visited.UNDER_WAY) {
                    taken.add(step);
                    wrong = "it goes round in circles";
                    break;
                }
                frame.histories()[0] += known;
                continue;
            }
            if (visited.size() > most) {
                return new Result(scenario, visited.size(), Double.NaN, steps, slots.asked(), false, null);
            }
            path.add(frame);
            taken.add(step);
            frame = frame(step.to());
            wrong = wrong(step.to(), frame.steps());
        }
        return new Result(
                scenario,
                visited.size(),
                Double.NaN,
                steps,
                slots.asked(),
                false,
                new Violation(wrong, taken.stream().map(this::tell).toList()));
    }

    private Frame frame(int[] state) {
        return new Frame(state, steps(state), new int[1], new double[1]);
    }

    private String wrong(int[] state, List<Step> steps) {
        String wrong = invariants.check(state);
        for (int k = 0; k < executions.length && wrong.isEmpty(); k++) {
            int node = state[slots.count() + k];
            if (node >= 0 && parts.node(node).outcome() instanceof Map<?, ?> output) {
                wrong = invariants.answer(state, attemptOf(k), output);
            }
        }
        return wrong.isEmpty() && steps.isEmpty() ? invariants.end(state) : wrong;
    }

    // States

    private int[] start() {
        int[] state = new int[width];
        int slot = 0;
        for (Map<String, AttributeValue> item : scenario.items().values()) {
            state[slot++] = slots.id(item);
        }
        Arrays.fill(state, slots.count(), firstMessage, IDLE);
        for (int order : orders) {
            int attempt = decided(state[order]);
            if (attempt >= 0) {
                send(state, messages.decision(attempt));
            }
        }
        return state;
    }

    private Attempt attemptOf(int execution) {
        return scenario.attempts().get(scenario.executions().get(execution).attempt());
    }

    private int faultsLeft(int[] state) {
        return bounds.faults() - state[faultsAt];
    }

    /** Equal executions and workers in a fixed order, and the calls that may land sorted. */
    private int[] canonical(int[] state) {
        for (int i = 1; i < executions.length; i++) {
            for (int k = i;
                    k > 0 && areAlike(k - 1, k) && state[slots.count() + k - 1] > state[slots.count() + k];
                    k--) {
                swap(state, slots.count() + k - 1, slots.count() + k);
            }
        }
        for (int i = 1; i < bounds.workers(); i++) {
            for (int k = firstWorker + 2 * i; k > firstWorker && state[k - 2] > state[k]; k -= 2) {
                swap(state, k - 2, k);
                swap(state, k - 1, k + 1);
            }
        }
        Arrays.sort(state, width, state.length);
        return state;
    }

    private boolean areAlike(int one, int other) {
        return scenario.executions().get(one).equals(scenario.executions().get(other));
    }

    private static void swap(int[] state, int one, int other) {
        int kept = state[one];
        state[one] = state[other];
        state[other] = kept;
    }

    private static int[] with(int[] state, int late) {
        int[] longer = Arrays.copyOf(state, state.length + 1);
        longer[state.length] = late;
        return longer;
    }

    private void send(int[] state, int message) {
        if (message >= 0) {
            state[firstMessage + message] = Math.min(SAME_MESSAGES, state[firstMessage + message] + 1);
        }
    }

    // Steps

    private List<Step> steps(int[] state) {
        List<Step> steps = new ArrayList<>();
        boolean atWork = false;
        for (int k = 0; k < executions.length; k++) {
            int node = state[slots.count() + k];
            if (node >= 0 && !parts.node(node).isOver()) {
                atWork = true;
                int risk = riskOf(parts.node(node));
                if (risk >= 0) {
                    steps.clear();
                    decideRisk(state, k, risk, steps);
                    return steps;
                }
                stepsOfExecution(state, k, steps);
            } else if (node == IDLE) {
                begin(state, k, steps);
            }
        }
        for (int w = 0; w < bounds.workers(); w++) {
            int at = firstWorker + 2 * w;
            if (state[at] >= 0) {
                atWork = true;
                stepsOfWorker(state, at, steps);
            }
        }
        takeMessages(state, steps);
        landLate(state, steps);
        if (state[earlyAt] < bounds.early()) {
            interfere(state, true, steps);
        }
        if (!atWork && steps.isEmpty()) {
            interfere(state, false, steps);
        }
        if (!atWork && steps.isEmpty()) {
            comeBack(state, steps);
        }
        return steps;
    }

    private void begin(int[] state, int k, List<Step> steps) {
        Execution execution = scenario.executions().get(k);
        boolean may = switch (execution.start()) {
            case AT_ONCE -> true;
            case AFTER_A_DECLINE -> anotherWasDeclined(state, k);
            case DAYS_LATER -> false;
            case HOURS_LATER -> isHoursLater(state);
        };
        // Of executions that are alike the last begins first.
        if (may && (k + 1 == executions.length || !areAlike(k, k + 1) || state[slots.count() + k + 1] != IDLE)) {
            int[] to = state.clone();
            to[slots.count() + k] = parts.start(executions[k]);
            steps.add(new Step(Kind.BEGINS, k, 0, "", canonical(to)));
        }
    }

    private boolean anotherWasDeclined(int[] state, int k) {
        for (int other = 0; other < executions.length; other++) {
            int node = state[slots.count() + other];
            if (other != k
                    && node >= 0
                    && parts.node(node).outcome() instanceof Map<?, ?> output
                    && "DECLINED".equals(output.get("outcome"))) {
                return true;
            }
        }
        return false;
    }

    private boolean isHoursLater(int[] state) {
        for (int k = 0; k < executions.length; k++) {
            if (state[slots.count() + k] != IDLE && scenario.executions().get(k).start() == Start.HOURS_LATER) {
                return true;
            }
        }
        return false;
    }

    /** Retries of clients when everything is over. */
    private void comeBack(int[] state, List<Step> steps) {
        for (int k = 0; k < executions.length; k++) {
            Start start = scenario.executions().get(k).start();
            if (state[slots.count() + k] == IDLE && (start == Start.DAYS_LATER || start == Start.HOURS_LATER)) {
                int[] to = state.clone();
                if (start == Start.DAYS_LATER) {
                    prune(to);
                }
                to[slots.count() + k] = parts.start(executions[k]);
                steps.add(new Step(Kind.BEGINS, k, 0, "", canonical(to)));
                return;
            }
        }
    }

    /** Every payment has been terminal for days and nothing is under way: all that may be pruned is. */
    private void prune(int[] state) {
        for (int slot = 0; slot < slots.count(); slot++) {
            Map<String, AttributeValue> item = new HashMap<>(slots.item(state[slot]));
            if (item.computeIfPresent("finished", (_, _) -> AttributeValue.fromM(Map.of())) != null) {
                state[slot] = slots.id(item);
            }
        }
    }

    private int riskOf(Node node) {
        for (int i = 0; i < node.pending().size(); i++) {
            if (requests.value(node.pending().get(i).request()).equals(Workflow.RISK)) {
                return i;
            }
        }
        return -1;
    }

    private void decideRisk(int[] state, int k, int call, List<Step> steps) {
        Pending pending = parts.node(state[slots.count() + k]).pending().get(call);
        for (int verdict = 0; verdict < verdicts.length; verdict++) {
            int[] to = state.clone();
            to[slots.count() + k] = parts.answered(state[slots.count() + k], pending, verdicts[verdict]);
            steps.add(
                    new Step(Kind.STEPS, k, pending.request(), verdict == 0 ? "APPROVED" : "DECLINED", canonical(to)));
        }
    }

    private void stepsOfExecution(int[] state, int k, List<Step> steps) {
        int at = slots.count() + k;
        Node node = parts.node(state[at]);
        for (Pending call : node.pending()) {
            for (Fate fate : fates(state, call.request())) {
                int[] to = meet(state, at, call, fate, lost);
                if (parts.node(to[at]).outcome() instanceof Map<?, ?> output
                        && (Boolean.TRUE.equals(output.get("unsettled")) || "OPEN".equals(output.get("outcome")))) {
                    send(to, messages.check(scenario.executions().get(k).attempt()));
                }
                steps.add(new Step(Kind.STEPS, k, call.request(), fate.name(), canonical(to), landedWrong));
            }
        }
        if (faultsLeft(state) > 0) {
            int[] to = die(state, at);
            send(to, messages.check(scenario.executions().get(k).attempt()));
            steps.add(new Step(Kind.DIES, k, 0, "", canonical(to)));
        }
    }

    private List<Fate> fates(int[] state, int request) {
        if (faultsLeft(state) == 0) {
            return List.of(Fate.ANSWERED);
        }
        return Slots.isWrite(requests.value(request)) ? List.of(Fate.values()) : List.of(Fate.ANSWERED, Fate.LOST);
    }

    /** A call meets its fate: the items, the part that called, what may land later. */
    private int[] meet(int[] state, int at, Pending call, Fate fate, int lostAnswer) {
        int[] to = state.clone();
        landedWrong = "";
        int answer = fate.lands ? land(to, call.request()) : lostAnswer;
        Node node = parts.node(state[at]);
        int seen = fate.answered
                ? answers.id(
                        mutation.answer(parts.name(node.part()), requests.value(call.request()), answers.value(answer)))
                : lostAnswer;
        to[at] = parts.answered(state[at], call, seen);
        if (fate.late) {
            to = with(to, call.request());
        }
        if (fate.fault) {
            to[faultsAt]++;
        }
        return to;
    }

    /** Lets a call take effect, in place; answers its answer. */
    private int land(int[] state, int request) {
        if (requests.value(request) instanceof SendMessageRequest message) {
            send(state, messages.sent(message));
            return sent;
        }
        Slots.Effect effect = slots.effect(state, request);
        landedWrong = effect.wrong();
        int[] touched = slots.footprint(request);
        for (int i = 0; i < touched.length; i++) {
            int before = state[touched[i]];
            state[touched[i]] = effect.after()[i];
            if (before != effect.after()[i]) {
                int attempt = decided(effect.after()[i]);
                if (attempt >= 0 && decided(before) != attempt) {
                    send(state, messages.decision(attempt));
                }
            }
        }
        return effect.answer();
    }

    /** The attempt that an item shows as decided and not finished; -1 where there is none. */
    private int decided(int item) {
        return decided.computeIfAbsent(item, id -> {
            Map<String, AttributeValue> order = slots.item(id);
            String status = Invariants.text(order, "status");
            if (!status.equals("COMMITTED") && !status.equals("ABORTED")) {
                return -1;
            }
            for (int i = 0; i < scenario.attempts().size(); i++) {
                if (scenario.attempts().get(i).id().value().equals(Invariants.text(order, "attempt"))) {
                    return i;
                }
            }
            return -1;
        });
    }

    /** What it had sent may still land. */
    private int[] die(int[] state, int at) {
        int[] to = state.clone();
        for (Pending call : parts.node(state[at]).pending()) {
            if (Slots.isWrite(requests.value(call.request()))) {
                to = with(to, call.request());
            }
        }
        to[at] = DEAD;
        to[faultsAt]++;
        return to;
    }

    private void stepsOfWorker(int[] state, int at, List<Step> steps) {
        Node node = parts.node(state[at]);
        Pending call = node.pending().getFirst();
        for (Fate fate : fates(state, call.request())) {
            int[] to = meet(state, at, call, fate, lostToFunction);
            Node then = parts.node(to[at]);
            if (then.isOver()) {
                if (Boolean.FALSE.equals(then.outcome()) && to[at + 1] < messages.count()) {
                    send(to, to[at + 1]);
                }
                to[at] = IDLE;
                to[at + 1] = IDLE;
            }
            steps.add(new Step(Kind.WORKS, at, call.request(), fate.name(), canonical(to), landedWrong));
        }
        if (faultsLeft(state) > 0) {
            int[] to = die(state, at);
            if (to[at + 1] < messages.count()) {
                send(to, to[at + 1]);
            }
            to[at] = IDLE;
            to[at + 1] = IDLE;
            steps.add(new Step(Kind.WORKER_DIES, at, 0, "", canonical(to)));
        }
    }

    private void takeMessages(int[] state, List<Step> steps) {
        int free = freeWorker(state);
        if (free < 0) {
            return;
        }
        for (int message = 0; message < messages.count(); message++) {
            if (state[firstMessage + message] > 0) {
                for (int again = 0; again <= Math.min(1, faultsLeft(state)); again++) {
                    int[] to = state.clone();
                    to[free] = parts.start((isHoursLater(state) ? lateWorkers : workers)[message]);
                    to[free + 1] = message;
                    to[firstMessage + message] -= 1 - again;
                    to[faultsAt] += again;
                    steps.add(new Step(Kind.TAKES, free, message, again == 0 ? "" : ", which stays", canonical(to)));
                }
            }
        }
    }

    private int freeWorker(int[] state) {
        for (int w = 0; w < bounds.workers(); w++) {
            if (state[firstWorker + 2 * w] == IDLE) {
                return firstWorker + 2 * w;
            }
        }
        return -1;
    }

    private void landLate(int[] state, List<Step> steps) {
        for (int i = width; i < state.length; i++) {
            if (i > width && state[i] == state[i - 1]) {
                continue;
            }
            int[] to = new int[state.length - 1];
            System.arraycopy(state, 0, to, 0, i);
            System.arraycopy(state, i + 1, to, i, state.length - i - 1);
            landedWrong = "";
            land(to, state[i]);
            steps.add(new Step(Kind.LANDS, 0, state[i], "", canonical(to), landedWrong));
        }
    }

    /** Recovery's sweep and reconciliation's reclaim: early, while others are at work, or because nothing else moves. */
    private void interfere(int[] state, boolean early, List<Step> steps) {
        int free = freeWorker(state);
        int look = free >= 0 ? look(state) : LOOKS;
        if (look < LOOKS) {
            int[] to = state.clone();
            to[free] = parts.start(recoveries[look]);
            to[free + 1] = messages.count();
            to[earlyAt] += early ? 1 : 0;
            steps.add(new Step(Kind.RECOVERS, free, 0, "", canonical(to)));
        }
        for (int i = 0; i < scenario.attempts().size(); i++) {
            for (Branch branch : scenario.attempts().get(i).command().branches()) {
                int message = messages.reclaim(i, branch);
                if (state[firstMessage + message] == 0 && lies(state, i, branch)) {
                    int[] to = state.clone();
                    send(to, message);
                    to[earlyAt] += early ? 1 : 0;
                    steps.add(new Step(Kind.ASKS_TO_RECLAIM, 0, message, "", canonical(to)));
                }
            }
        }
    }

    /** The first look of recovery at which an open payment is due; {@link #LOOKS} where none is open. */
    private int look(int[] state) {
        return Arrays.stream(orders)
                .mapToObj(slot -> slots.item(state[slot]).get("dueAt"))
                .filter(Objects::nonNull)
                .mapToInt(due -> {
                    int look = 0;
                    while (lookAt(look).toEpochMilli() < Long.parseLong(due.n())) {
                        look++;
                    }
                    return look;
                })
                .min()
                .orElse(LOOKS);
    }

    private static Instant lookAt(int look) {
        return Fixture.LATE.plus(Duration.ofMinutes(look));
    }

    private boolean lies(int[] state, int attempt, Branch branch) {
        Map<String, AttributeValue> item = slots.item(state[slots.slotOf(Fixture.place(branch.account()))]);
        return Invariants.map(item, branch.kind() == BranchKind.CREDIT ? "incoming" : "holds")
                .containsKey(scenario.attempts().get(attempt).id().value());
    }

    // Telling

    private String tell(Step step) {
        String call = step.kind() == Kind.STEPS || step.kind() == Kind.WORKS || step.kind() == Kind.LANDS
                ? Guards.name(requests.value(step.call()))
                : "";
        return switch (step.kind()) {
            case BEGINS -> "execution " + step.who() + " begins";
            case STEPS -> "execution " + step.who() + ": " + call + " " + step.how();
            case DIES -> "execution " + step.who() + " dies";
            case LANDS -> call + " lands late";
            case TAKES -> "a worker takes the " + messages.name(step.call()) + step.how();
            case WORKS -> "worker: " + call + " " + step.how();
            case WORKER_DIES -> "a worker dies";
            case RECOVERS -> "recovery begins";
            case ASKS_TO_RECLAIM -> "somebody sends the " + messages.name(step.call());
        };
    }
}
