package doubleeleven.gateway.aws;

import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.Commands;
import doubleeleven.credit.Application;
import doubleeleven.gateway.Attempt;
import doubleeleven.gateway.Destination;
import doubleeleven.gateway.Units;
import doubleeleven.payment.Branch;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionResponse;
import software.amazon.awssdk.services.sfn.model.SyncExecutionStatus;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/**
 * Units by naming convention: the workflow and the phase-two queue of a unit and colour have known names in the unit's Region.
 */
final class AwsUnits implements Units {
    private static final String MISROUTED = "MISROUTED";

    private final RegionalClients clients;
    private final ResourceNames names;

    AwsUnits(RegionalClients clients, ResourceNames names) {
        this.clients = clients;
        this.names = names;
    }

    @Override
    public Run run(Destination destination, Attempt attempt, Deadline deadline, Duration patience) {
        try {
            StartSyncExecutionResponse response = clients.workflows(destination.region())
                    .startSyncExecution(request -> request.stateMachineArn(workflow(destination, "payment-tcc"))
                            .name(attempt.id().value())
                            .input(Json.write(WorkflowInput.of(destination, attempt, deadline)))
                            .overrideConfiguration(override -> override.apiCallTimeout(patience)));
            return response.status() == SyncExecutionStatus.SUCCEEDED
                    ? answered(Json.object(response.output()))
                    : new Run.InDoubt("workflow " + response.statusAsString() + " " + response.error());
        } catch (SdkException e) {
            return neverBegan(e) ? new Run.NotStarted(why(e)) : new Run.InDoubt(why(e));
        }
    }

    @Override
    public boolean decide(Destination destination, Application application) {
        return clients.start(
                workflow(destination, "credit-decision"),
                destination.region(),
                application.fingerprint(),
                Map.of("application", input(application)));
    }

    private static Map<String, Object> input(Application application) {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("customer", application.customer());
        input.put("application", application.number());
        input.put("currency", application.requested().getCurrencyUnit().getCode());
        input.put("requestedLimit", application.requested().getAmountMinorLong());
        input.put("applicant", application.applicant());
        return input;
    }

    @Override
    public void check(Destination destination, Attempt attempt, Duration delay) {
        Map<String, Object> message = message(
                attempt.order().value(),
                attempt.id().value(),
                "CHECK",
                attempt.command().branches(),
                attempt.command().trace());
        // Where the claim never landed, this is all there is for whoever was told to look the payment up.
        message.put("command", Commands.toJson(attempt.command()));
        send(destination, message, Math.toIntExact(delay.toSeconds()));
    }

    @Override
    public void reclaim(Destination destination, List<Orphan> orphans, String trace) {
        List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
        for (Orphan orphan : orphans) {
            Map<String, Object> message =
                    message(orphan.order(), orphan.attempt(), "RECLAIM", List.of(orphan.branch()), trace);
            entries.add(SendMessageBatchRequestEntry.builder()
                    .id(Integer.toString(entries.size()))
                    .messageBody(Json.write(message))
                    .build());
        }
        SendMessageBatchResponse sent = clients.queues(destination.region())
                .sendMessageBatch(
                        request -> request.queueUrl(queue(destination)).entries(entries));
        if (!sent.failed().isEmpty()) {
            throw new IllegalStateException(
                    sent.failed().size() + " of " + entries.size() + " messages were not taken");
        }
    }

    private static Map<String, Object> message(
            String order, String attempt, String why, List<Branch> branches, String trace) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("pk", order);
        message.put("attempt", attempt);
        message.put("why", why);
        message.put("branches", branches.stream().map(WorkflowInput::of).toList());
        message.put("trace", trace);
        return message;
    }

    private void send(Destination destination, Map<String, Object> message, int delaySeconds) {
        clients.queues(destination.region())
                .sendMessage(request -> request.queueUrl(queue(destination))
                        .messageBody(Json.write(message))
                        .delaySeconds(delaySeconds));
    }

    private static Run answered(Map<String, Object> output) {
        if (MISROUTED.equals(output.get("outcome"))) {
            Map<String, Object> route = Json.child(output, "route");
            return new Run.Misrouted(
                    Json.integer(route, "version"),
                    Json.text(route, "owner"),
                    Json.text(route, "standby"),
                    Boolean.TRUE.equals(route.get("forbidden")));
        }
        return new Run.Ended(result(output));
    }

    private static Result result(Map<String, Object> output) {
        List<String> reasons = new ArrayList<>();
        if (output.get("reasons") instanceof List<?> list) {
            list.forEach(reason -> reasons.add(String.valueOf(reason)));
        }
        List<Orphan> overdue = new ArrayList<>();
        for (Map<String, Object> hold : Json.objects(output, "overdue")) {
            overdue.add(new Orphan(Json.text(hold, "order"), Json.text(hold, "attempt"), WorkflowInput.branch(hold)));
        }
        return new Result(
                Outcome.valueOf(Json.text(output, "outcome")),
                List.copyOf(reasons),
                Boolean.TRUE.equals(output.get("unsettled")),
                overdue);
    }

    /** Refused before it ran: throttled, no such workflow, no connection. Whatever else went wrong may have run. */
    private static boolean neverBegan(SdkException e) {
        if (e instanceof SdkServiceException service) {
            return service.statusCode() < 500;
        }
        if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
            return false;
        }
        return causedBy(e, ConnectException.class) || causedBy(e, UnknownHostException.class) || connectTimedOut(e);
    }

    private static boolean causedBy(Throwable e, Class<? extends Throwable> type) {
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    /** The JDK tells a connection that timed out from a read that timed out by its message alone. */
    private static boolean connectTimedOut(Throwable e) {
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException
                    && String.valueOf(cause.getMessage())
                            .toLowerCase(Locale.ROOT)
                            .contains("connect")) {
                return true;
            }
        }
        return false;
    }

    private static String why(SdkException e) {
        return e.getClass().getSimpleName();
    }

    private String workflow(Destination destination, String name) {
        return names.stateMachine(destination.region(), destination.unit(), destination.colour(), name);
    }

    private String queue(Destination destination) {
        return names.phaseTwo(destination.region(), destination.unit(), destination.colour());
    }
}
