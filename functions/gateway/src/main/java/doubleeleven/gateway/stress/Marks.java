package doubleeleven.gateway.stress;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/**
 * Marks that were signed beforehand by whoever holds the test's key, each for its own minutes: the key itself goes nowhere, and what goes
 * with the load is worth nothing when the test is over.
 */
record Marks(List<String> signed) {
    Marks {
        signed = List.copyOf(signed);
    }

    /** The one that is good now and that was signed for the latest time; the last one where none is. */
    String at(Instant now) {
        return signed.reversed().stream()
                .filter(mark -> isFor(mark, now.getEpochSecond()))
                .findFirst()
                .orElseGet(signed::getLast);
    }

    private static boolean isFor(String mark, long now) {
        try {
            String claims = new String(Base64.getUrlDecoder().decode(mark.split("\\.", -1)[1]), StandardCharsets.UTF_8);
            Map<String, Object> json = JsonUtil.parseJson(claims);
            return json.get("iat") instanceof Long begin
                    && json.get("exp") instanceof Long end
                    && begin <= now
                    && now < end;
        } catch (JoseException | IllegalArgumentException e) {
            return false;
        }
    }
}
