package doubleeleven.gateway;

import java.util.Optional;

/** Stored API keys. */
public interface Keys {
    Optional<ApiKey> find(String id);

    /** Stores a new key; answers false, and changes nothing, where the id is taken. */
    boolean create(ApiKey key);
}
