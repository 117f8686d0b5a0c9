package doubleeleven.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {
    private static final Instant NOW = Instant.parse("2026-11-11T00:00:00Z");
    private static final Secret OLD = Secret.random(new Random(1));
    private static final Secret NEW = Secret.random(new Random(2));
    private static final Endpoint FIRST = new Endpoint("tea", URI.create("https://tea.example"), OLD, null, NOW);

    @ParameterizedTest
    @ValueSource(strings = {"", "whsec_", "whsec_AAAA", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="})
    void anotherTextIsNone(String text) {
        assertThatThrownBy(() -> new Secret(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void itsTextIsNotWhatIsLogged() {
        assertThat(OLD.toString()).doesNotContain(OLD.text().substring(6, 20));
        assertThat(FIRST.toString()).doesNotContain(OLD.text().substring(6, 20));
    }

    @Test
    void aFormerSecretSignsBesideTheNewOneForADay() {
        Endpoint changed = FIRST.changed(FIRST.url(), NEW, NOW);
        assertThat(FIRST.secrets(NOW)).containsExactly(OLD);
        assertThat(FIRST.formerUntil()).isEmpty();
        assertThat(changed.secrets(NOW)).containsExactly(NEW, OLD);
        assertThat(changed.secrets(NOW.plus(Duration.ofHours(24)).minusMillis(1)))
                .containsExactly(NEW, OLD);
        assertThat(changed.secrets(NOW.plus(Duration.ofHours(24)))).containsExactly(NEW);
        assertThat(changed.formerUntil()).contains(NOW.plus(Duration.ofHours(24)));
    }
}
