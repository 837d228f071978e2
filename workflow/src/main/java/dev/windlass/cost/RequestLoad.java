package dev.windlass.cost;

import dev.windlass.store.RequestCounts;

/**
 * Requests by kind, and what they carry; of a month, where nothing else is said.
 *
 * @param put PUT requests
 * @param get GET requests
 * @param list LIST requests
 * @param delete DELETE requests
 * @param head HEAD requests; Windlass sends none
 * @param uploaded bytes sent with PUT requests, as far as the price table bills them
 * @param downloaded bytes received with GET requests, as far as the price table bills them
 */
public record RequestLoad(double put, double get, double list, double delete, double head, double uploaded,
        double downloaded) {

    /** Nothing. */
    public static final RequestLoad NONE = new RequestLoad(0, 0, 0, 0, 0, 0, 0);

    /** Requests that were counted. */
    public static RequestLoad of(RequestCounts counts) {
        return new RequestLoad(counts.put(), counts.get(), counts.list(), counts.delete(), 0, 0, 0);
    }

    /** Both together. */
    public RequestLoad plus(RequestLoad other) {
        return new RequestLoad(put + other.put, get + other.get, list + other.list, delete + other.delete,
                head + other.head, uploaded + other.uploaded, downloaded + other.downloaded);
    }

    /** So many times as much. */
    public RequestLoad times(double factor) {
        return new RequestLoad(put * factor, get * factor, list * factor, delete * factor, head * factor,
                uploaded * factor, downloaded * factor);
    }

    /** The requests that S3 bills: all but DELETE. */
    public double billed() {
        return put + get + list + head;
    }
}
