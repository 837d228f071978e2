package dev.windlass.cost;

/** Adds requests up, in any unit of time. */
final class Tally {
    private final double free;
    private double put;
    private double get;
    private double list;
    private double delete;
    private double uploaded;
    private double downloaded;

    /** @param free bytes of each request that are not billed */
    Tally(double free) {
        this.free = free;
    }

    Tally put(double times, double bytes) {
        put += times;
        uploaded += times * Math.max(0, bytes - free);
        return this;
    }

    Tally get(double times, double bytes) {
        get += times;
        downloaded += times * Math.max(0, bytes - free);
        return this;
    }

    Tally list(double times) {
        list += times;
        return this;
    }

    Tally delete(double times) {
        delete += times;
        return this;
    }

    RequestLoad times(double factor) {
        return new RequestLoad(put, get, list, delete, 0, uploaded, downloaded).times(factor);
    }
}
