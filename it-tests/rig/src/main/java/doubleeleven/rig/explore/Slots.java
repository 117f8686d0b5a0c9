package doubleeleven.rig.explore;

import doubleeleven.ids.OrderHash;
import doubleeleven.testkit.LocalTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The items that a scenario is about, each in a slot. A call's effect is a function of the items it touches and of the request, so DynamoDB
 * Local is asked once for each distinct pair and the answer is remembered.
 */
final class Slots {
    /** Where an item lies. */
    record Place(String table, Map<String, AttributeValue> key) {}

    /**
     * What a call did.
     *
     * @param after the items it touches, by their ids in the order of the slots
     * @param wrong what is wrong with that; empty where nothing is
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Effect(int[] after, int answer, String wrong) {}

    private record Asked(List<Integer> before, int request) {}

    private final DynamoDbClient client;
    private final List<Place> places;
    private final Map<Place, Integer> byPlace = new HashMap<>();
    private final Map<OrderHash, Integer> byOrder = new HashMap<>();
    private final Interned<Map<String, AttributeValue>> items = new Interned<>();
    private final Interned<Answer> answers;
    private final Interned<Object> requests;
    private final Map<Asked, Effect> effects = new HashMap<>();
    /** Of the calls that touch one item, by request and item. */
    private final List<Map<Integer, Effect>> ofOne = new ArrayList<>();

    private final List<int[]> footprints = new ArrayList<>();
    private final UnaryOperator<Object> mutation;

    /**
     * Creates slots, all of them empty.
     *
     * @param mutation what becomes of a request before it reaches the database: a guard may be missing
     */
    Slots(
            LocalTables tables,
            List<Place> places,
            Interned<Object> requests,
            Interned<Answer> answers,
            UnaryOperator<Object> mutation) {
        this.client = tables.client();
        this.places = List.copyOf(places);
        places.forEach(place -> byPlace.put(place, byPlace.size()));
        this.requests = requests;
        this.answers = answers;
        this.mutation = mutation;
        items.id(Map.of());
    }

    int count() {
        return places.size();
    }

    Place place(int slot) {
        return places.get(slot);
    }

    int slotOf(Place place) {
        Integer slot = byPlace.get(place);
        if (slot == null) {
            throw new IllegalArgumentException("no slot for " + place);
        }
        return slot;
    }

    int slotOf(OrderHash order) {
        return byOrder.computeIfAbsent(order, hash -> slotOf(Fixture.place(hash)));
    }

    /** The id of an item; 0 is none. */
    int id(Map<String, AttributeValue> item) {
        return items.id(item);
    }

    Map<String, AttributeValue> item(int id) {
        return items.value(id);
    }

    static boolean isWrite(Object request) {
        return request instanceof UpdateItemRequest || request instanceof PutItemRequest;
    }

    /** The slots whose items a call reads or writes. */
    int[] footprint(int request) {
        while (footprints.size() <= request) {
            footprints.add(footprintOf(requests.value(footprints.size())));
        }
        return footprints.get(request);
    }

    private int[] footprintOf(Object request) {
        return switch (request) {
            case GetItemRequest get -> new int[] {slotOf(new Place(get.tableName(), get.key()))};
            case UpdateItemRequest update -> new int[] {slotOf(new Place(update.tableName(), update.key()))};
            case PutItemRequest put ->
                new int[] {
                    slotOf(new Place(
                            put.tableName(),
                            Map.of("pk", put.item().get("pk"), "sk", put.item().get("sk"))))
                };
            case QueryRequest query -> {
                AttributeValue partition = query.expressionAttributeValues().values().stream()
                        .filter(value -> value.s() != null)
                        .filter(value -> places.stream()
                                .anyMatch(place -> value.equals(place.key().get("pk"))))
                        .findFirst()
                        .orElse(null);
                yield IntStream.range(0, places.size())
                        .filter(slot -> query.indexName() != null
                                ? !places.get(slot).key().containsKey("sk")
                                : places.get(slot).table().equals(query.tableName())
                                        && Objects.equals(places.get(slot).key().get("pk"), partition))
                        .toArray();
            }
            default -> new int[0];
        };
    }

    /** What a call does to these items. */
    Effect effect(int[] state, int request) {
        int[] slots = footprint(request);
        if (slots.length == 1) {
            while (ofOne.size() <= request) {
                ofOne.add(new HashMap<>());
            }
            int item = state[slots[0]];
            Effect known = ofOne.get(request).get(item);
            if (known == null) {
                known = ask(slots, new Asked(List.of(item), request));
                ofOne.get(request).put(item, known);
            }
            return known;
        }
        List<Integer> before =
                Arrays.stream(slots).mapToObj(slot -> state[slot]).toList();
        return effects.computeIfAbsent(new Asked(before, request), key -> ask(slots, key));
    }

    private Effect ask(int[] slots, Asked call) {
        for (int i = 0; i < slots.length; i++) {
            place(slots[i], items.value(call.before().get(i)));
        }
        Object request = requests.value(call.request());
        Answer answer = send(mutation.apply(request));
        int[] after = isWrite(request)
                ? Arrays.stream(slots).map(slot -> items.id(read(slot))).toArray()
                : call.before().stream().mapToInt(Integer::intValue).toArray();
        boolean one = slots.length == 1;
        Map<String, AttributeValue> before = one ? items.value(call.before().getFirst()) : Map.of();
        return new Effect(
                after,
                answers.id(answer),
                Transitions.wrong(request, before, one ? items.value(after[0]) : Map.of(), answer));
    }

    private Answer send(Object request) {
        try {
            return switch (request) {
                case GetItemRequest get -> new Answer.Given(client.getItem(get));
                case UpdateItemRequest update -> new Answer.Given(client.updateItem(update));
                case PutItemRequest put -> new Answer.Given(client.putItem(put));
                case QueryRequest query -> new Answer.Given(client.query(query));
                default -> new Answer.Wrong("no such call: " + request);
            };
        } catch (ConditionalCheckFailedException e) {
            return new Answer.Refused(e.hasItem() ? e.item() : Map.of());
        } catch (DynamoDbException e) {
            return new Answer.Wrong(e.getMessage() + " at " + request);
        }
    }

    /** Leaves nothing behind for the next scenario. */
    void clear() {
        for (int slot = 0; slot < places.size(); slot++) {
            place(slot, Map.of());
        }
    }

    private void place(int slot, Map<String, AttributeValue> item) {
        Place place = places.get(slot);
        if (item.isEmpty()) {
            client.deleteItem(request -> request.tableName(place.table()).key(place.key()));
        } else {
            client.putItem(request -> request.tableName(place.table()).item(item));
        }
    }

    private Map<String, AttributeValue> read(int slot) {
        Place place = places.get(slot);
        return client.getItem(request ->
                        request.tableName(place.table()).key(place.key()).consistentRead(true))
                .item();
    }
}
