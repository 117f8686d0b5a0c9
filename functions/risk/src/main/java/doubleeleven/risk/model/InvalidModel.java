package doubleeleven.risk.model;

/** An artefact that cannot be evaluated; the message names the model, the field and what it should be. Found when it is loaded. */
public final class InvalidModel extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidModel(String model, String field, String should) {
        super("model " + model + ": " + field + " " + should);
    }
}
