package doubleeleven.rig.explore;

import doubleeleven.rig.explore.Parts.Node;
import doubleeleven.rig.explore.Parts.Pending;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** What a call, or its sender's death, makes of a state. */
final class Effects {
    private final Scenario scenario;
    private final States states;
    private final Slots slots;
    private final Messages messages;
    private final Parts parts;
    private final Interned<Object> requests;
    private final Interned<Answer> answers;
    private final Mutation mutation;
    private final Slots.Effect sent;
    private final Map<Integer, Integer> decided = new HashMap<>();
    /** By request that sends it. */
    private final Map<Integer, Integer> messageOf = new HashMap<>();

    /**
     * What came of a call.
     *
     * @param wrong what is wrong with that; empty where nothing is
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Change(int[] state, String wrong) {}

    Effects(
            Scenario scenario,
            States states,
            Slots slots,
            Messages messages,
            Parts parts,
            Interned<Object> requests,
            Interned<Answer> answers,
            Mutation mutation) {
        this.scenario = scenario;
        this.states = states;
        this.slots = slots;
        this.messages = messages;
        this.parts = parts;
        this.requests = requests;
        this.answers = answers;
        this.mutation = mutation;
        this.sent = new Slots.Effect(
                new int[0],
                answers.id(new Answer.Given(SendMessageResponse.builder().build())),
                "");
    }

    /** One of the calls that may still land does. */
    Change landLate(int[] state, int late) {
        int[] to = States.without(state, late);
        return new Change(to, land(to, state[late]).wrong());
    }

    /** A call meets its fate: the items, the part that called, what may land later. */
    Change meet(int[] state, int at, Pending call, Fate fate, int lostAnswer) {
        int[] to = state.clone();
        int answer = lostAnswer;
        String wrong = "";
        if (fate.lands) {
            Slots.Effect effect = land(to, call.request());
            wrong = effect.wrong();
            if (fate.answered) {
                answer = understood(parts.node(state[at]), call, effect.answer());
            }
        }
        to[at] = parts.answered(state[at], call, answer);
        if (fate.late) {
            to = States.with(to, call.request());
        }
        if (fate.fault) {
            states.fault(to);
        }
        return new Change(to, wrong);
    }

    private int understood(Node node, Pending call, int answer) {
        Answer given = answers.value(answer);
        Answer seen = mutation.answer(parts.name(node.part()), requests.value(call.request()), given);
        return seen.equals(given) ? answer : answers.id(seen);
    }

    /** Lets a call take effect, in place. */
    private Slots.Effect land(int[] state, int request) {
        if (requests.value(request) instanceof SendMessageRequest message) {
            states.send(state, messageOf.computeIfAbsent(request, _ -> messages.sent(message)));
            return sent;
        }
        Slots.Effect effect = slots.effect(state, request);
        int[] touched = slots.footprint(request);
        for (int i = 0; i < touched.length; i++) {
            int before = state[touched[i]];
            state[touched[i]] = effect.after()[i];
            if (before != effect.after()[i]) {
                int attempt = decided(effect.after()[i]);
                if (attempt >= 0 && decided(before) != attempt) {
                    states.send(state, messages.decision(attempt));
                }
            }
        }
        return effect;
    }

    /** The attempt that an item shows as decided and not finished; -1 where there is none. */
    int decided(int item) {
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
    int[] die(int[] state, int at) {
        int[] to = state.clone();
        for (Pending call : parts.node(state[at]).pending()) {
            if (Slots.isWrite(requests.value(call.request()))) {
                to = States.with(to, call.request());
            }
        }
        to[at] = States.DEAD;
        states.fault(to);
        return to;
    }
}
