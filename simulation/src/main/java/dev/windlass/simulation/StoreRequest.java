package dev.windlass.simulation;

/**
 * A request on its way to the store, as fault rules see it.
 *
 * @param actor the name of the actor that sent it
 * @param kind what it is
 * @param key the key; the prefix of a listing
 * @param number counts the requests of this store, from 1
 */
public record StoreRequest(String actor, RequestKind kind, String key, long number) {

    /** Whether it is of that kind, and its key begins like that. */
    public boolean is(RequestKind wanted, String keyPrefix) {
        return kind == wanted && key.startsWith(keyPrefix);
    }
}
