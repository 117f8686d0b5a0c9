package doubleeleven.risk.aws;

import doubleeleven.aws.Json;
import doubleeleven.risk.model.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Models' answers as they are stored. */
final class Answers {
    private Answers() {}

    static List<Object> write(List<? extends Answer> answers) {
        return answers.stream().<Object>map(Answers::write).toList();
    }

    private static Map<String, Object> write(Answer answer) {
        Map<String, Object> json = brief(answer);
        json.put("micros", answer.micros());
        return json;
    }

    /** Without the time it took. */
    static Map<String, Object> brief(Answer answer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", answer.model());
        json.put("version", answer.version());
        switch (answer) {
            case Answer.Scored scored -> json.put("score", scored.score());
            case Answer.Missed missed -> json.put("missed", missed.cause().name());
        }
        return json;
    }

    static List<Answer> read(Map<String, ?> object, String field) {
        return Json.objects(object, field).stream().map(Answers::read).toList();
    }

    private static Answer read(Map<String, Object> json) {
        String model = Json.text(json, "name");
        String version = Json.text(json, "version");
        long micros = Json.integer(json, "micros");
        return json.containsKey("score")
                ? new Answer.Scored(model, version, Json.number(json, "score"), micros)
                : new Answer.Missed(model, version, Answer.Cause.valueOf(Json.text(json, "missed")), "", micros);
    }
}
