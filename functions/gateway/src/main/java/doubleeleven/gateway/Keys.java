package doubleeleven.gateway;

import java.util.Optional;

/** Stored API keys. */
public interface Keys {
    Optional<ApiKey> find(String id);

    /** Stores a new key; answers false, and changes nothing, where another key has the id. The same key again is stored already. */
    boolean create(ApiKey key);

    /** Stores a key in the place of the one with its id. */
    void replace(ApiKey key);
}
