package dev.windlass.s3;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.windlass.InvalidInputException;
import dev.windlass.store.StoreSettings;
import org.jspecify.annotations.Nullable;

/**
 * Where a store is and how to reach it, checked.
 *
 * @param bucket its name
 * @param prefix put before every key: empty, or ending with {@code /}
 * @param region as set, or null to ask AWS's own chain
 * @param endpoint another server than Amazon S3, as set, or null
 * @param pathStyle as set, or null for what fits the endpoint
 * @param timeout limit of one request
 * @param connectTimeout limit of opening a connection
 */
record S3Location(String bucket, String prefix, @Nullable String region, @Nullable URI endpoint,
        @Nullable Boolean pathStyle, Duration timeout, Duration connectTimeout) {

    private static final String REGION = "region";
    private static final String ENDPOINT = "endpoint";
    private static final String PATH_STYLE = "pathStyle";
    private static final String TIMEOUT = "timeout";
    private static final String CONNECT_TIMEOUT = "connectTimeout";
    private static final List<String> KNOWN = List.of(REGION, ENDPOINT, PATH_STYLE, TIMEOUT, CONNECT_TIMEOUT);

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final int MAX_PREFIX = 400;
    private static final int MAX_SEGMENT = 255;

    private static final Pattern AWS_BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    /** Other servers, and very old buckets of AWS, are less strict. */
    private static final Pattern ANY_BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");
    private static final Pattern REGION_NAME = Pattern.compile("[A-Za-z0-9-]{1,63}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s)");

    /** Whether this is a directory bucket of S3 Express, whose listings have no order. */
    boolean express() {
        return bucket.endsWith("--x-s3");
    }

    /** For people: no secret is in it, since none is ever taken. */
    String describe() {
        String place = "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
        return endpoint == null ? place : place + "?endpoint=" + endpoint;
    }

    /** The same place at another endpoint. */
    S3Location at(URI otherEndpoint) {
        return new S3Location(bucket, prefix, region, otherEndpoint, pathStyle, timeout, connectTimeout);
    }

    static S3Location parse(URI uri, StoreSettings settings, Function<String, @Nullable String> environment) {
        String shown = withoutSecrets(uri);
        String authority = uri.getRawAuthority();
        if (authority == null || authority.isEmpty()) {
            throw new InvalidInputException(
                    "no bucket in " + shown + ": write s3://BUCKET or s3://BUCKET/PREFIX");
        }
        if (authority.contains("@")) {
            throw new InvalidInputException("credentials do not belong into the URI " + shown
                    + ": set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE");
        }
        if (uri.getRawFragment() != null) {
            throw new InvalidInputException("a '#' makes no sense in " + shown + ": remove it and what follows");
        }
        Map<String, String> options = new HashMap<>(settings.options());
        options.putAll(query(uri, shown));
        for (String name : options.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new InvalidInputException(
                        "unknown option '" + name + "' for " + shown + ": known are " + String.join(", ", KNOWN));
            }
        }
        String endpoint = set(options.get(ENDPOINT), environment.apply("S3_ENDPOINT"));
        URI endpointUri = endpoint == null ? null : endpoint(endpoint);
        return new S3Location(bucket(authority, endpointUri != null), prefix(uri.getPath(), shown),
                region(set(options.get(REGION), environment.apply("S3_REGION"))), endpointUri,
                flag(options.get(PATH_STYLE)), duration(TIMEOUT, options.get(TIMEOUT), DEFAULT_TIMEOUT),
                duration(CONNECT_TIMEOUT, options.get(CONNECT_TIMEOUT), DEFAULT_CONNECT_TIMEOUT));
    }

    private static String withoutSecrets(URI uri) {
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        return "s3://" + authority.substring(authority.lastIndexOf('@') + 1)
                + (uri.getRawPath() == null ? "" : uri.getRawPath());
    }

    private static Map<String, String> query(URI uri, String shown) {
        Map<String, String> found = new HashMap<>();
        String query = uri.getRawQuery();
        if (query == null || query.isEmpty()) {
            return found;
        }
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals <= 0) {
                throw new InvalidInputException("an option of " + shown + " has no name or no value: write NAME=VALUE, "
                        + "with names from " + String.join(", ", KNOWN));
            }
            String name = URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8);
            String value = URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
            if (found.put(name, value) != null) {
                throw new InvalidInputException("option '" + name + "' stands twice in " + shown + ": keep one");
            }
        }
        return found;
    }

    private static @Nullable String set(@Nullable String first, @Nullable String second) {
        if (first != null && !first.isBlank()) {
            return first.strip();
        }
        return second == null || second.isBlank() ? null : second.strip();
    }

    private static String bucket(String name, boolean elsewhere) {
        if (!(elsewhere ? ANY_BUCKET : AWS_BUCKET).matcher(name).matches()) {
            throw new InvalidInputException("'" + name + "' is not a bucket name: "
                    + (elsewhere
                            ? "3 to 255 letters, digits, '.', '_' and '-'"
                            : "3 to 63 lower-case letters, digits, '.' and '-'")
                    + ", beginning with a letter or digit"
                    + (name.contains(":") ? "; a server's address goes into the option endpoint" : ""));
        }
        return name;
    }

    private static String prefix(@Nullable String path, String shown) {
        if (path == null) {
            return "";
        }
        int from = 0;
        int to = path.length();
        while (from < to && path.charAt(from) == '/') {
            from++;
        }
        while (to > from && path.charAt(to - 1) == '/') {
            to--;
        }
        if (from == to) {
            return "";
        }
        String prefix = path.substring(from, to);
        for (String segment : prefix.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..") || segment.length() > MAX_SEGMENT) {
                throw new InvalidInputException("the prefix in " + shown + " has the segment '" + segment
                        + "': segments are not empty, not '.' or '..', and at most " + MAX_SEGMENT + " characters");
            }
        }
        if (prefix.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
            throw new InvalidInputException(
                    "the prefix in " + shown + " has a character that is not printable ASCII: use letters and digits");
        }
        if (prefix.length() > MAX_PREFIX) {
            throw new InvalidInputException(
                    "the prefix in " + shown + " has " + prefix.length() + " characters: at most " + MAX_PREFIX);
        }
        return prefix + "/";
    }

    private static @Nullable String region(@Nullable String text) {
        if (text != null && !REGION_NAME.matcher(text).matches()) {
            throw new InvalidInputException("'" + text + "' is not a region: write a name such as eu-central-1");
        }
        return text;
    }

    private static URI endpoint(String text) {
        URI endpoint;
        try {
            endpoint = new URI(text);
        } catch (URISyntaxException e) {
            throw notAnEndpoint("the endpoint is not a URL");
        }
        if (endpoint.getRawUserInfo() != null) {
            throw notAnEndpoint("credentials do not belong into the endpoint");
        }
        String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || endpoint.getHost() == null) {
            throw notAnEndpoint("'" + text + "' is not an endpoint");
        }
        if (endpoint.getRawQuery() != null || endpoint.getRawFragment() != null) {
            throw notAnEndpoint("an endpoint has no '?' and no '#'");
        }
        return endpoint;
    }

    private static InvalidInputException notAnEndpoint(String what) {
        return new InvalidInputException(what + ": write http://HOST:PORT or https://HOST");
    }

    private static @Nullable Boolean flag(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidInputException(
                    "option '" + PATH_STYLE + "' is '" + text + "': write true or false");
        };
    }

    private static Duration duration(String name, @Nullable String text, Duration byDefault) {
        if (text == null || text.isBlank()) {
            return byDefault;
        }
        Matcher matcher = DURATION.matcher(text);
        long amount = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        if (amount == 0) {
            throw new InvalidInputException(
                    "option '" + name + "' is '" + text + "': write a positive duration such as 15s or 800ms");
        }
        return matcher.group(2).equals("s") ? Duration.ofSeconds(amount) : Duration.ofMillis(amount);
    }
}
