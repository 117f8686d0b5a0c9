package doubleeleven.rig.explore;

import doubleeleven.payment.Branch;
import doubleeleven.rig.explore.Effects.Change;
import doubleeleven.rig.explore.Parts.Node;
import doubleeleven.rig.explore.Parts.Pending;
import doubleeleven.rig.explore.Scenario.Start;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Which steps may come next. */
final class Steps {
    private static final Set<String> UNPAID = Set.of("DECLINED", "CONFLICT");
    private static final List<Fate> FAULTLESS = List.of(Fate.ANSWERED);
    private static final List<Fate> OF_A_READ = List.of(Fate.ANSWERED, Fate.LOST);
    private static final List<Fate> OF_A_WRITE = List.of(Fate.values());

    private final Scenario scenario;
    private final States states;
    private final Slots slots;
    private final Messages messages;
    private final Cast cast;
    private final Parts parts;
    private final Effects effects;
    private final Interned<Object> requests;
    private final int lost;
    private final int lostToFunction;
    private final int[] verdicts;
    private final int[] orders;
    private final List<Reclaim> reclaims = new ArrayList<>();
    private final Invariants invariants;
    /** One for all that a part may answer alike, by part and outcome. */
    private final Map<String, Integer> answered = new HashMap<>();
    /** By item. */
    private final Map<Integer, Integer> looks = new HashMap<>();

    /** A reservation that somebody may ask to settle. */
    private record Reclaim(int message, int slot, String reservations, String attempt) {
        boolean lies(Map<String, AttributeValue> item) {
            return Invariants.map(item, reservations).containsKey(attempt);
        }
    }

    Steps(
            Scenario scenario,
            States states,
            Slots slots,
            Messages messages,
            Cast cast,
            Effects effects,
            Interned<Object> requests,
            Interned<Answer> answers,
            Invariants invariants) {
        this.scenario = scenario;
        this.states = states;
        this.slots = slots;
        this.messages = messages;
        this.cast = cast;
        this.parts = cast.parts();
        this.effects = effects;
        this.requests = requests;
        this.invariants = invariants;
        this.lost = answers.id(new Answer.Timeout());
        this.lostToFunction = answers.id(new Answer.CallTimeout());
        int approved = answers.id(new Answer.Given(Fixture.APPROVE));
        this.verdicts = scenario.bounds().risk()
                ? new int[] {approved, answers.id(new Answer.Given(Fixture.DECLINE))}
                : new int[] {approved};
        this.orders = cast.orders();
        for (int i = 0; i < scenario.attempts().size(); i++) {
            for (Branch branch : scenario.attempts().get(i).command().branches()) {
                reclaims.add(new Reclaim(
                        messages.reclaim(i, branch),
                        slots.slotOf(Fixture.place(branch.account())),
                        Invariants.reservationsOf(branch.kind()),
                        scenario.attempts().get(i).id().value()));
            }
        }
    }

    List<Step> from(int[] state) {
        List<Step> steps = new ArrayList<>();
        boolean atWork = false;
        for (int k = 0; k < states.executions(); k++) {
            int node = state[states.execution(k)];
            if (node >= 0 && !parts.node(node).isOver()) {
                atWork = true;
                int risk = riskOf(parts.node(node));
                if (risk >= 0) {
                    steps.clear();
                    decideRisk(state, k, risk, steps);
                    return steps;
                }
                stepsOfExecution(state, k, steps);
            } else if (node == States.IDLE && mayBegin(state, k)) {
                return List.of(begin(state, k));
            }
        }
        for (int w = 0; w < states.workers(); w++) {
            int at = states.worker(w);
            if (state[at] >= 0) {
                atWork = true;
                stepsOfWorker(state, at, steps);
            }
        }
        takeMessages(state, steps);
        landLate(state, steps);
        if (states.mayInterfere(state)) {
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

    private boolean mayBegin(int[] state, int k) {
        return switch (scenario.executions().get(k).start()) {
            case AT_ONCE -> true;
            case AFTER_A_DECLINE -> anotherWasDeclined(state, k);
            case DAYS_LATER -> false;
            case HOURS_LATER -> isHoursLater(state);
        };
    }

    private Step begin(int[] state, int k) {
        int[] to = state.clone();
        to[states.execution(k)] = parts.start(cast.execution(k));
        return new Step(Step.Kind.BEGINS, k, 0, "", states.canonical(to));
    }

    private boolean anotherWasDeclined(int[] state, int k) {
        for (int other = 0; other < states.executions(); other++) {
            int node = state[states.execution(other)];
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
        for (int k = 0; k < states.executions(); k++) {
            if (state[states.execution(k)] != States.IDLE
                    && scenario.executions().get(k).start() == Start.HOURS_LATER) {
                return true;
            }
        }
        return false;
    }

    /** Retries of clients when everything is over. */
    private void comeBack(int[] state, List<Step> steps) {
        for (int k = 0; k < states.executions(); k++) {
            Start start = scenario.executions().get(k).start();
            if (state[states.execution(k)] == States.IDLE
                    && (start == Start.DAYS_LATER || start == Start.HOURS_LATER)) {
                int[] to = state.clone();
                if (start == Start.DAYS_LATER) {
                    prune(to);
                }
                steps.add(begin(to, k));
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
            if (Workflow.RISK.equals(requests.value(node.pending().get(i).request()))) {
                return i;
            }
        }
        return -1;
    }

    private void decideRisk(int[] state, int k, int call, List<Step> steps) {
        Pending pending = parts.node(state[states.execution(k)]).pending().get(call);
        for (int verdict = 0; verdict < verdicts.length; verdict++) {
            int[] to = state.clone();
            to[states.execution(k)] = parts.answered(state[states.execution(k)], pending, verdicts[verdict]);
            steps.add(new Step(
                    Step.Kind.STEPS,
                    k,
                    pending.request(),
                    verdict == 0 ? "APPROVED" : "DECLINED",
                    states.canonical(to)));
        }
    }

    private void stepsOfExecution(int[] state, int k, List<Step> steps) {
        int at = states.execution(k);
        Node node = parts.node(state[at]);
        for (Pending call : node.pending()) {
            for (Fate fate : fates(state, call.request())) {
                Change change = effects.meet(state, at, call, fate, lost);
                int[] to = change.state();
                String wrong = change.wrong();
                if (parts.node(to[at]).outcome() instanceof Map<?, ?> output) {
                    wrong = wrong.isEmpty() ? invariants.answer(to, scenario.attemptOf(k), output) : wrong;
                    end(to, k, output);
                }
                steps.add(new Step(Step.Kind.STEPS, k, call.request(), fate.name(), states.canonical(to), wrong));
            }
        }
        if (states.faultsLeft(state) > 0) {
            int[] to = effects.die(state, at);
            states.send(to, messages.check(scenario.executions().get(k).attempt()));
            steps.add(new Step(Step.Kind.DIES, k, 0, "", states.canonical(to)));
        }
    }

    /**
     * Leaves of an execution that has ended what still matters, in place: the check that the gateway asks for, and the answer as long as it may
     * still prove wrong. That a payment is made can be judged once and for all, as no single write may undo it, see {@link Transitions}; that it
     * is not made must hold ever after.
     */
    private void end(int[] state, int k, Map<?, ?> output) {
        int at = states.execution(k);
        String outcome = String.valueOf(output.get("outcome"));
        if (Boolean.TRUE.equals(output.get("unsettled")) || outcome.equals("OPEN")) {
            states.send(state, messages.check(scenario.executions().get(k).attempt()));
        }
        state[at] = UNPAID.contains(outcome)
                ? answered.computeIfAbsent(parts.node(state[at]).part() + outcome, _ -> state[at])
                : States.DEAD;
    }

    private List<Fate> fates(int[] state, int request) {
        return states.faultsLeft(state) == 0
                ? FAULTLESS
                : Slots.isWrite(requests.value(request)) ? OF_A_WRITE : OF_A_READ;
    }

    private void stepsOfWorker(int[] state, int at, List<Step> steps) {
        Node node = parts.node(state[at]);
        Pending call = node.pending().getFirst();
        for (Fate fate : fates(state, call.request())) {
            Change change = effects.meet(state, at, call, fate, lostToFunction);
            int[] to = change.state();
            Node then = parts.node(to[at]);
            if (then.isOver()) {
                leave(to, at, !Boolean.FALSE.equals(then.outcome()));
            }
            steps.add(new Step(Step.Kind.WORKS, at, call.request(), fate.name(), states.canonical(to), change.wrong()));
        }
        if (states.faultsLeft(state) > 0) {
            int[] to = effects.die(state, at);
            leave(to, at, false);
            steps.add(new Step(Step.Kind.WORKER_DIES, at, 0, "", states.canonical(to)));
        }
    }

    /** A worker leaves its work, in place; a message whose work is not done is under way again. */
    private void leave(int[] state, int at, boolean done) {
        if (!done && state[at + 1] < messages.count()) {
            states.send(state, state[at + 1]);
        }
        state[at] = States.IDLE;
        state[at + 1] = States.IDLE;
    }

    private void takeMessages(int[] state, List<Step> steps) {
        int free = states.freeWorker(state);
        if (free < 0) {
            return;
        }
        for (int message = 0; message < messages.count(); message++) {
            if (states.underWay(state, message) > 0) {
                steps.add(take(state, free, message, false));
                if (states.faultsLeft(state) > 0) {
                    steps.add(take(state, free, message, true));
                    if (messages.mayBeLost(message)) {
                        steps.add(lose(state, message));
                    }
                }
            }
        }
    }

    private Step take(int[] state, int worker, int message, boolean stays) {
        int[] to = state.clone();
        to[worker] = parts.start(cast.worker(message, isHoursLater(state)));
        to[worker + 1] = message;
        if (stays) {
            states.fault(to);
        } else {
            states.take(to, message);
        }
        return new Step(Step.Kind.TAKES, worker, message, stays ? ", which stays" : "", states.canonical(to));
    }

    /** Nobody notices before somebody could have taken it, so it is lost only then. */
    private Step lose(int[] state, int message) {
        int[] to = state.clone();
        states.take(to, message);
        states.fault(to);
        return new Step(Step.Kind.LOSES, 0, message, "", states.canonical(to));
    }

    private void landLate(int[] state, List<Step> steps) {
        for (int i = states.firstLate(); i < state.length; i++) {
            if (i == states.firstLate() || state[i] != state[i - 1]) {
                Change change = effects.landLate(state, i);
                steps.add(new Step(Step.Kind.LANDS, 0, state[i], "", states.canonical(change.state()), change.wrong()));
            }
        }
    }

    /** Recovery's sweep and reconciliation's reclaim: early, while others are at work, or because nothing else moves. */
    private void interfere(int[] state, boolean early, List<Step> steps) {
        int free = states.freeWorker(state);
        int look = free >= 0 ? look(state) : Cast.LOOKS;
        if (look < Cast.LOOKS) {
            int[] to = state.clone();
            to[free] = parts.start(cast.recovery(look));
            to[free + 1] = messages.count();
            if (early) {
                states.interfere(to);
            }
            steps.add(new Step(Step.Kind.RECOVERS, free, 0, "", states.canonical(to)));
        }
        for (Reclaim reclaim : reclaims) {
            if (states.underWay(state, reclaim.message()) == 0 && reclaim.lies(slots.item(state[reclaim.slot()]))) {
                int[] to = state.clone();
                states.send(to, reclaim.message());
                if (early) {
                    states.interfere(to);
                }
                steps.add(new Step(Step.Kind.ASKS_TO_RECLAIM, 0, reclaim.message(), "", states.canonical(to)));
            }
        }
    }

    /** The first look of recovery at which an open payment is due; {@link Cast#LOOKS} where none is open. */
    private int look(int[] state) {
        int first = Cast.LOOKS;
        for (int order : orders) {
            first = Math.min(first, looks.computeIfAbsent(state[order], item -> lookAt(slots.item(item))));
        }
        return first;
    }

    private static int lookAt(Map<String, AttributeValue> order) {
        AttributeValue due = order.get("dueAt");
        if (due == null) {
            return Cast.LOOKS;
        }
        int look = 0;
        while (look < Cast.LOOKS && Cast.lookAt(look).toEpochMilli() < Long.parseLong(due.n())) {
            look++;
        }
        return look;
    }
}
