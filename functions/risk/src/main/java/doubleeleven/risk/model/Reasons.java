package doubleeleven.risk.model;

import doubleeleven.risk.model.Model.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The reasons that an artefact can give, and which of them to give. */
record Reasons(List<Reason> all, double least) {
    static Reasons of(ArtefactFields fields) {
        List<Reason> all = fields.objects("reasons").stream()
                .map(each -> new Reason(each.text("code"), each.text("text")))
                .toList();
        Set<String> codes = new HashSet<>();
        for (Reason reason : all) {
            if (!codes.add(reason.code())) {
                throw fields.invalid("reasons", "name " + reason.code() + " twice");
            }
        }
        return new Reasons(all, fields.positive("reasonLeast"));
    }

    /** Place of a code; -1 where it is unknown. */
    int indexOf(String code) {
        return IntStream.range(0, all.size())
                .filter(i -> all.get(i).code().equals(code))
                .findFirst()
                .orElse(-1);
    }

    /** Those that make most of a score; of equals the one listed first. */
    List<Reason> worst(double[] losses) {
        return IntStream.range(0, losses.length)
                .boxed()
                .filter(i -> losses[i] >= least)
                .sorted((one, other) -> Double.compare(losses[other], losses[one]))
                .limit(Model.REASONS_MOST)
                .map(all::get)
                .toList();
    }
}
