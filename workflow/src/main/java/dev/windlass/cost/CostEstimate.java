package dev.windlass.cost;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a workload costs in a month of 30 days.
 *
 * @param workload the workload
 * @param prices the prices
 * @param byActivity the requests, by what they are made for; activities without requests are left out
 * @param storedBytes what lies in the store once objects have stayed as long as they stay
 * @param notes what the numbers do not show, such as that the workers cannot keep up; for people
 */
public record CostEstimate(Workload workload, PriceTable prices, Map<Activity, RequestLoad> byActivity,
        double storedBytes, List<String> notes) {
    /** As S3 bills: 2^30 bytes. */
    static final double GB = 1024.0 * 1024 * 1024;

    public CostEstimate {
        var copy = new EnumMap<Activity, RequestLoad>(Activity.class);
        copy.putAll(byActivity);
        byActivity = Collections.unmodifiableMap(copy);
        notes = List.copyOf(notes);
    }

    /** All requests together. */
    public RequestLoad requests() {
        return byActivity.values().stream().reduce(RequestLoad.NONE, RequestLoad::plus);
    }

    /** Dollars for the requests of one activity. */
    public double dollars(Activity activity) {
        return prices.dollars(byActivity.getOrDefault(activity, RequestLoad.NONE));
    }

    /** Dollars for what is stored. */
    public double storageDollars() {
        return storedBytes / GB * prices.price(PriceKind.STORAGE);
    }

    /** Dollars for everything. */
    public double dollars() {
        return prices.dollars(requests()) + storageDollars();
    }

    /** What costs most, in a word: an activity, or {@code storage}; {@code nothing} if it costs nothing. */
    public String dominant() {
        String most = "storage";
        double dollars = storageDollars();
        for (Activity activity : byActivity.keySet()) {
            if (dollars(activity) > dollars) {
                most = activity.word();
                dollars = dollars(activity);
            }
        }
        return dollars > 0 ? most : "nothing";
    }

    /** What part of all that is, 0 to 1. */
    public double dominantShare() {
        double most = byActivity.keySet().stream().mapToDouble(this::dollars).max().orElse(0);
        return dollars() == 0 ? 0 : Math.max(most, storageDollars()) / dollars();
    }
}
