package doubleeleven.rig.explore;

import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.Commands;
import doubleeleven.payment.Branch;
import doubleeleven.rig.explore.Scenario.Attempt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** Every message that can be under way in a scenario. */
final class Messages {
    static final String PHASE_TWO = "phase-two";
    static final String POSTING = "posting";

    private record Message(String name, String queue, Map<String, Object> body) {}

    private final List<Message> all = new ArrayList<>();
    private final int attempts;
    private final Map<String, Integer> reclaims = new LinkedHashMap<>();

    /** For each attempt: its decision, the gateway's check, and a reclaim of each of its holds; then postings. */
    Messages(Scenario scenario) {
        List<Attempt> list = scenario.attempts();
        this.attempts = list.size();
        for (int i = 0; i < attempts; i++) {
            all.add(new Message("decision of attempt " + i, PHASE_TWO, body(list.get(i), "DECIDED", List.of())));
        }
        for (int i = 0; i < attempts; i++) {
            Map<String, Object> body =
                    body(list.get(i), "CHECK", list.get(i).command().branches());
            body.put("command", Commands.toJson(list.get(i).command()));
            all.add(new Message("check of attempt " + i, PHASE_TWO, body));
        }
        for (int i = 0; i < attempts; i++) {
            for (Branch branch : list.get(i).command().branches()) {
                reclaims.put(i + " " + branch.account(), all.size());
                all.add(new Message(
                        "reclaim of attempt " + i + " on " + branch.account(),
                        PHASE_TWO,
                        body(list.get(i), "RECLAIM", List.of(branch))));
            }
        }
        if (scenario.bounds().posting()) {
            list.stream()
                    .flatMap(attempt -> attempt.command().payees().stream())
                    .map(payee -> Map.<String, Object>of(
                            "merchant", payee.merchant(),
                            "bucket", payee.bucket(),
                            "from", Fixture.NOW.toEpochMilli()))
                    .distinct()
                    .forEach(body -> all.add(new Message("posting", POSTING, body)));
        }
    }

    int count() {
        return all.size();
    }

    String name(int message) {
        return all.get(message).name();
    }

    Map<String, Object> body(int message) {
        return all.get(message).body();
    }

    boolean isPosting(int message) {
        return all.get(message).queue().equals(POSTING);
    }

    int decision(int attempt) {
        return attempt;
    }

    int check(int attempt) {
        return attempts + attempt;
    }

    /** The message that asks to settle an attempt's hold on that account. */
    int reclaim(int attempt, Branch branch) {
        Integer message = reclaims.get(attempt + " " + branch.account());
        if (message == null) {
            throw new IllegalArgumentException("attempt " + attempt + " has no such branch: " + branch);
        }
        return message;
    }

    /** The message that was sent; -1 where the scenario does not follow it. */
    int sent(SendMessageRequest request) {
        Map<String, Object> body = Json.object(request.messageBody());
        String about = request.queueUrl().equals(POSTING) ? "bucket" : "attempt";
        return IntStream.range(0, all.size())
                .filter(i -> request.queueUrl().equals(all.get(i).queue()))
                .filter(i -> isPosting(i) || isDecision(i))
                .filter(i -> String.valueOf(body.get(about))
                        .equals(String.valueOf(all.get(i).body().get(about))))
                .findFirst()
                .orElse(-1);
    }

    /** The relay may skip a decision's record, and the gateway may die before it queues its check. A queue loses nothing. */
    boolean mayBeLost(int message) {
        return message < 2 * attempts;
    }

    private boolean isDecision(int message) {
        return message < attempts;
    }

    private static Map<String, Object> body(Attempt attempt, String why, List<Branch> branches) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("pk", attempt.order().value());
        body.put("attempt", attempt.id().value());
        body.put("why", why);
        body.put("branches", branches.stream().map(Fixture::json).toList());
        return body;
    }
}
