package doubleeleven.risk;

import doubleeleven.aws.Json;
import doubleeleven.risk.model.Artefact;
import doubleeleven.risk.model.Model;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What the training library itself said of some rows.
 *
 * @param content as written by {@code localstack/eleven train}
 */
public record Golden(Map<String, Object> content) {
    public static Golden read(String name) {
        return new Golden(object("/models/" + name + ".json"));
    }

    public static Model model(String name) {
        return Artefact.model(name, artefact(name));
    }

    public static Map<String, Object> artefact(String name) {
        return object("/models/" + name + ".json");
    }

    public static Map<String, Object> object(String resource) {
        try (InputStream in = Golden.class.getResourceAsStream(resource)) {
            return Json.object(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<Map<String, Object>> rows() {
        return Json.objects(content, "rows");
    }

    public List<String> texts(String field) {
        return texts(content, field);
    }

    public static List<String> texts(Map<String, Object> object, String field) {
        return ((List<?>) object.get(field)).stream().map(String::valueOf).toList();
    }

    public static double[] numbers(Map<String, Object> row, String field) {
        return ((List<?>) row.get(field))
                .stream()
                        .mapToDouble(each -> each == null ? Double.NaN : ((Number) each).doubleValue())
                        .toArray();
    }

    /** The values of the features that a model takes, in its order. */
    public double[] valuesFor(Model model, Map<String, Object> row) {
        List<String> names = texts("features");
        double[] values = numbers(row, "values");
        return model.features().stream()
                .mapToDouble(name -> values[names.indexOf(name)])
                .toArray();
    }

    public static List<Long> longs(double[] values, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> (long) values[i]).toList();
    }
}
