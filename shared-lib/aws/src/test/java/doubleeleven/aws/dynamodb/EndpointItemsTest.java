package doubleeleven.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.notification.Endpoint;
import doubleeleven.notification.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EndpointItemsTest {
    private static final Endpoint FIRST = new Endpoint(
            "tea",
            URI.create("https://tea.example/paid?by=double11"),
            Secret.random(new Random(1)),
            null,
            Instant.parse("2026-11-11T00:00:00.123Z"));

    @Test
    void anEndpointIsReadBackAsItWasWrittenWithAndWithoutAFormerSecret() {
        Endpoint changed = FIRST.changed(
                URI.create("https://tea.example/new"),
                Secret.random(new Random(2)),
                FIRST.changedAt().plusSeconds(1));

        assertThat(EndpointItems.read(EndpointItems.item(FIRST))).contains(FIRST);
        assertThat(EndpointItems.read(EndpointItems.item(changed))).contains(changed);
        assertThat(EndpointItems.item(changed)).containsAllEntriesOf(EndpointItems.key("tea"));
    }
}
