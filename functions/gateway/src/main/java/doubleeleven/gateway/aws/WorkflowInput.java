package doubleeleven.gateway.aws;

import doubleeleven.account.AccountKey;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.Commands;
import doubleeleven.aws.dynamodb.DueIndex;
import doubleeleven.gateway.Attempt;
import doubleeleven.gateway.Destination;
import doubleeleven.gateway.Units.Deadline;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An attempt as the payment workflow takes it. */
final class WorkflowInput {
    private WorkflowInput() {}

    static Map<String, Object> of(Destination destination, Attempt attempt, Deadline deadline) {
        Map<String, Object> command = new LinkedHashMap<>(Commands.toJson(attempt.command()));
        if (destination.insteadOf() != null) {
            command.put("failover", destination.insteadOf());
        }
        Map<String, Object> payment = new LinkedHashMap<>();
        payment.put("pk", attempt.order().value());
        payment.put("attempt", attempt.id().value());
        payment.put("shard", attempt.command().id().shard().toString());
        payment.put("rule", destination.rule());
        payment.put("unit", destination.unit());
        payment.put("colour", destination.colour());
        payment.put(
                "due",
                destination.unit() + "#" + Math.floorMod(attempt.id().value().hashCode(), DueIndex.BUCKETS));
        payment.put("dueAt", deadline.due().toEpochMilli());
        payment.put("claimedAt", deadline.claimedAt().toEpochMilli());
        payment.put("command", command);
        List<Object> branches = attempt.tries().stream()
                .<Object>map(each -> {
                    Map<String, Object> branch = of(each.branch());
                    branch.put("cap", each.cap());
                    branch.put("floor", each.floor());
                    branch.put("ceiling", each.ceiling());
                    return branch;
                })
                .toList();
        return Map.of("payment", payment, "branches", branches);
    }

    static Map<String, Object> of(Branch branch) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", branch.kind().name());
        json.put("pk", branch.account().pk());
        if (branch.account().sk() != null) {
            json.put("sk", branch.account().sk());
        }
        json.put("amount", branch.amountMinor());
        return json;
    }

    static Branch branch(Map<String, Object> json) {
        return new Branch(
                BranchKind.valueOf(Json.text(json, "kind")),
                new AccountKey(Json.text(json, "pk"), json.get("sk") instanceof String sortKey ? sortKey : null),
                Json.integer(json, "amount"));
    }
}
