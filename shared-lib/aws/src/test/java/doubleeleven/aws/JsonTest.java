package doubleeleven.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.aws.Json.MalformedJson;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "1",
                "\"text\"",
                "{",
                "{\"a\": 1",
                "{\"a\": 1, \"a\": 2}",
                "{\"a\": {\"b\": 1, \"b\": 2}}",
                "{a: 1}",
                "{'a': 1}",
                "{\"a\": 01}",
                "{\"a\": NaN}",
                "{\"a\": 1,}",
                "{\"a\": 1} {\"b\": 2}",
                "{\"a\": 1} x"
            })
    void whatIsNotExactlyOneObjectIsRefused(String text) {
        assertThatThrownBy(() -> Json.object(text)).isInstanceOf(MalformedJson.class);
        assertThatThrownBy(() -> Json.object(new ByteArrayInputStream(text.getBytes(UTF_8))))
                .isInstanceOf(MalformedJson.class);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        Map<String, Object> object = Map.of(
                "text", "\"£\u2028\n", "amount", Long.MAX_VALUE, "flag", true, "list", List.of(Map.of("a", 1), "b"));

        assertThat(Json.object(Json.write(object))).isEqualTo(object);
    }

    @Test
    void aFieldOfOurOwnThatIsMissingOrOfAnotherTypeIsAFaultThatNamesIt() {
        Map<String, Object> object = Json.object("{\"text\": \"1\", \"number\": 1}");

        assertThat(Json.text(object, "text")).isEqualTo("1");
        assertThat(Json.integer(object, "number")).isEqualTo(1);
        assertThat(Json.objects(object, "list")).isEmpty();
        assertThatThrownBy(() -> Json.text(object, "number")).hasMessageContaining("number");
        assertThatThrownBy(() -> Json.integer(object, "text")).hasMessageContaining("text");
        assertThatThrownBy(() -> Json.text(object, "missing")).hasMessageContaining("missing");
    }
}
