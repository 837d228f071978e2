package dev.windlass.cost;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import dev.windlass.InvalidInputException;

/**
 * What a store asks for its service. Immutable. The tables here are public list prices of one day: check them with the
 * store's operator before money depends on them.
 */
public final class PriceTable {
    /** No price is higher: above it, somebody has mistaken the unit. */
    public static final double MOST = 1e6;
    /** When Amazon last changed one of these, as far as is known here. */
    private static final String DATE = "2025-04";

    private static final PriceTable S3_STANDARD = new PriceTable("S3 Standard, us-east-1", DATE,
            Map.of(PriceKind.PUT, 5.0, PriceKind.GET, 0.4, PriceKind.LIST, 5.0, PriceKind.DELETE, 0.0, PriceKind.HEAD,
                    0.4, PriceKind.STORAGE, 0.023),
            0, true);
    private static final PriceTable S3_EXPRESS = new PriceTable("S3 Express One Zone, us-east-1", DATE,
            Map.of(PriceKind.PUT, 1.13, PriceKind.GET, 0.03, PriceKind.LIST, 1.13, PriceKind.DELETE, 0.0,
                    PriceKind.HEAD, 0.03, PriceKind.STORAGE, 0.11, PriceKind.UPLOAD, 0.0032, PriceKind.DOWNLOAD,
                    0.0006),
            0, false);

    private final String name;
    private final String date;
    private final Map<PriceKind, Double> prices = new EnumMap<>(PriceKind.class);
    private final double freeBytes;
    private final boolean orderedList;

    private PriceTable(String name, String date, Map<PriceKind, Double> prices, double freeBytes,
            boolean orderedList) {
        this.name = name;
        this.date = date;
        this.freeBytes = freeBytes;
        this.orderedList = orderedList;
        for (PriceKind kind : PriceKind.values()) {
            this.prices.put(kind, prices.getOrDefault(kind, 0.0));
        }
    }

    /** Amazon S3 Standard in us-east-1, first tier of storage; clients in the same region, so transfer is free. */
    public static PriceTable s3Standard() {
        return S3_STANDARD;
    }

    /**
     * Amazon S3 Express One Zone in us-east-1. It bills what requests carry: since April 2025 each byte, before that those
     * above 512 KiB of a request, at other prices. It lists keys in no order, so that a look for tasks reads all that wait.
     */
    public static PriceTable s3Express() {
        return S3_EXPRESS;
    }

    /**
     * A table of one's own.
     *
     * @param name what it is called in reports
     * @param date of when it is
     * @param prices at least those that are {@link PriceKind#required()}
     * @param freeBytes how many bytes of each request are carried for nothing
     * @param orderedList whether the store lists keys in order; where it does not, a look for tasks reads all that wait
     * @throws InvalidInputException if prices are missing, negative, no numbers or over {@link #MOST}; all are named
     */
    public static PriceTable of(String name, String date, Map<PriceKind, Double> prices, double freeBytes,
            boolean orderedList) {
        List<String> problems = problems(prices, freeBytes);
        if (!problems.isEmpty()) {
            throw new InvalidInputException("the prices: " + String.join("; ", problems));
        }
        return new PriceTable(name, date, prices, freeBytes, orderedList);
    }

    /** What is wrong with prices, each problem in a sentence of its own; empty if nothing is. */
    public static List<String> problems(Map<PriceKind, Double> prices, double freeBytes) {
        var problems = new ArrayList<String>();
        for (PriceKind kind : PriceKind.values()) {
            Double price = prices.get(kind);
            if (price == null) {
                if (kind.required()) {
                    problems.add(kind.key() + " is missing; name it, in dollars, even if it is 0");
                }
            } else if (!(price >= 0 && price <= MOST)) {
                problems.add(kind.key() + " is " + price + "; use dollars, 0 to 1000000");
            }
        }
        if (!(freeBytes >= 0 && freeBytes <= 1e12)) {
            problems.add("free-bytes-per-request is " + freeBytes + "; use bytes, 0 or more");
        }
        return problems;
    }

    /** What it is called. */
    public String name() {
        return name;
    }

    /** Of when it is. */
    public String date() {
        return date;
    }

    /** A price in dollars, in the unit that the kind says. */
    public double price(PriceKind kind) {
        return prices.getOrDefault(kind, 0.0);
    }

    /** All prices. */
    public Map<PriceKind, Double> prices() {
        return Collections.unmodifiableMap(prices);
    }

    /** How many bytes of each request are carried for nothing. */
    public double freeBytes() {
        return freeBytes;
    }

    /** Whether the store lists keys in order. */
    public boolean orderedList() {
        return orderedList;
    }

    /** What these requests cost, and what they carry; in dollars. */
    public double dollars(RequestLoad load) {
        return (load.put() * price(PriceKind.PUT) + load.get() * price(PriceKind.GET)
                + load.list() * price(PriceKind.LIST) + load.delete() * price(PriceKind.DELETE)
                + load.head() * price(PriceKind.HEAD)) / 1e6
                + (load.uploaded() * price(PriceKind.UPLOAD) + load.downloaded() * price(PriceKind.DOWNLOAD))
                        / CostEstimate.GB;
    }
}
