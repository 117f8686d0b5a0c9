package doubleeleven.gateway.aws;

import doubleeleven.gateway.operations.Books;
import doubleeleven.gateway.operations.Books.Sight;
import doubleeleven.gateway.operations.OpenHint;
import doubleeleven.gateway.release.Figures;
import doubleeleven.gateway.release.Standing;
import doubleeleven.gateway.release.Tally;
import doubleeleven.routing.Unit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** How colours stand: what gateways counted of them, what their phase two leaves open, what it gave up. */
final class AwsFigures implements Figures {
    /** Phase two may be late by so much: its messages come again after a while, and recovery has its own pace. */
    private static final Duration GRACE = Duration.ofSeconds(10);
    /** Of more than so many the shares of the colours are the same. */
    private static final int MOST_OVERDUE = 500;

    private final DynamoDbTallies tallies;
    private final Books books;
    private final RegionalClients clients;
    private final ResourceNames names;
    private final List<String> regions;
    private final Clock clock;

    AwsFigures(
            DynamoDbTallies tallies,
            Books books,
            RegionalClients clients,
            ResourceNames names,
            List<String> regions,
            Clock clock) {
        this.tallies = tallies;
        this.books = books;
        this.clients = clients;
        this.names = names;
        this.regions = List.copyOf(regions);
        this.clock = clock;
    }

    @Override
    public Map<String, Standing> of(Unit unit, Instant since) {
        Collection<String> colours = unit.colours().keySet();
        Map<String, Tally> counted = tallies.read(unit.name(), colours, regions);
        Map<String, Long> overdue = overdue(unit.name(), since);
        Map<String, Standing> standings = new TreeMap<>();
        for (String colour : colours) {
            standings.put(
                    colour,
                    new Standing(
                            counted.getOrDefault(colour, Tally.NONE),
                            overdue.getOrDefault(colour, 0L),
                            deadLetters(unit, colour)));
        }
        return standings;
    }

    private Map<String, Long> overdue(String unit, Instant since) {
        Instant late = clock.instant().minus(GRACE);
        List<String> keys = books.open(unit)
                .filter(hint -> hint.decidedAt().isPresent())
                .filter(hint -> !hint.since().isBefore(since) && hint.deadline().isBefore(late))
                .limit(MOST_OVERDUE)
                .map(OpenHint::key)
                .toList();
        return books.read(keys).values().stream()
                .filter(Sight.Seen.class::isInstance)
                .map(sight -> ((Sight.Seen) sight).item().payment())
                .filter(payment -> !payment.status().isTerminal())
                .collect(Collectors.groupingBy(payment -> payment.colour(), Collectors.counting()));
    }

    private long deadLetters(Unit unit, String colour) {
        String queue = names.phaseTwo(unit.region(), unit.name(), colour) + "-dlq";
        return Long.parseLong(clients.queues(unit.region())
                .getQueueAttributes(request ->
                        request.queueUrl(queue).attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                .attributes()
                .getOrDefault(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0"));
    }
}
