package dev.windlass.s3;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Pages of keys and of names. One request a page, but for two cases: a page that holds nothing that counts although
 * more follows (only objects directly below the prefix, where names are wanted) is followed by the next; and
 * directory buckets, which list in no order, are read whole.
 */
final class Listings {
    private final S3Client s3;
    private final S3Location location;

    Listings(S3Client s3, S3Location location) {
        this.s3 = s3;
        this.location = location;
    }

    ListPage keys(String prefix, @Nullable String startAfter, int limit) {
        if (location.express()) {
            return wholeListing(prefix, startAfter, limit);
        }
        ListObjectsV2Request.Builder request = request(prefix, limit);
        if (startAfter != null) {
            request.startAfter(location.prefix() + startAfter);
        }
        while (true) {
            ListObjectsV2Response answer = s3.listObjectsV2(request.build());
            List<ListPage.Entry> entries = new ArrayList<>(answer.contents().size());
            for (S3Object object : answer.contents()) {
                if (isKey(object, prefix)) {
                    entries.add(entry(object));
                }
            }
            if (!entries.isEmpty() || !goOn(answer, request)) {
                return new ListPage(entries, more(answer), date(answer));
            }
        }
    }

    /** The object of that very key, or no object: what begins so and goes on comes after it. */
    ListPage exactly(String key) {
        ListObjectsV2Response answer = s3.listObjectsV2(request(key, 1).build());
        return new ListPage(answer.contents().stream().filter(object -> object.key().equals(location.prefix() + key))
                .map(this::entry).toList(), false, date(answer));
    }

    /** The names in the order of the keys that stand for them: {@code name/}. */
    NamesPage names(String prefix, @Nullable String startAfter, int limit) {
        String last = startAfter == null ? "" : startAfter + "/";
        if (location.express()) {
            return wholeNames(prefix, last, limit);
        }
        ListObjectsV2Request.Builder request = request(prefix, limit).delimiter("/");
        if (startAfter != null) {
            // '0' is the character after '/': what follows this key is below no name up to startAfter.
            request.startAfter(location.prefix() + prefix + startAfter + "0");
        }
        while (true) {
            ListObjectsV2Response answer = s3.listObjectsV2(request.build());
            List<String> names = new ArrayList<>(answer.commonPrefixes().size());
            for (CommonPrefix each : answer.commonPrefixes()) {
                String name = each.prefix().substring(location.prefix().length() + prefix.length());
                // Some servers repeat a name at the start of the next page.
                if (name.compareTo(last) > 0) {
                    names.add(name.substring(0, name.length() - 1));
                    last = name;
                }
            }
            if (!names.isEmpty() || !goOn(answer, request)) {
                return new NamesPage(names, more(answer), date(answer));
            }
        }
    }

    private ListPage wholeListing(String prefix, @Nullable String startAfter, int limit) {
        ListObjectsV2Request.Builder request = request(prefix, 1000);
        TreeMap<String, ListPage.Entry> first = new TreeMap<>();
        boolean more = false;
        ListObjectsV2Response answer;
        do {
            answer = s3.listObjectsV2(request.build());
            for (S3Object object : answer.contents()) {
                if (isKey(object, prefix)) {
                    ListPage.Entry entry = entry(object);
                    if (startAfter == null || entry.key().compareTo(startAfter) > 0) {
                        first.put(entry.key(), entry);
                    }
                }
            }
            while (first.size() > limit) {
                first.pollLastEntry();
                more = true;
            }
        } while (goOn(answer, request));
        return new ListPage(List.copyOf(first.values()), more, date(answer));
    }

    private NamesPage wholeNames(String prefix, String last, int limit) {
        ListObjectsV2Request.Builder request = request(prefix, 1000).delimiter("/");
        TreeMap<String, String> first = new TreeMap<>();
        boolean more = false;
        ListObjectsV2Response answer;
        do {
            answer = s3.listObjectsV2(request.build());
            for (CommonPrefix each : answer.commonPrefixes()) {
                String name = each.prefix().substring(location.prefix().length() + prefix.length());
                if (name.compareTo(last) > 0) {
                    first.put(name, name.substring(0, name.length() - 1));
                }
            }
            while (first.size() > limit) {
                first.pollLastEntry();
                more = true;
            }
        } while (goOn(answer, request));
        return new NamesPage(List.copyOf(first.values()), more, date(answer));
    }

    private ListObjectsV2Request.Builder request(String prefix, int limit) {
        return ListObjectsV2Request.builder().bucket(location.bucket()).prefix(location.prefix() + prefix)
                .maxKeys(limit).encodingType(EncodingType.URL);
    }

    /** Other tools leave empty objects that stand for directories: no keys of ours. */
    private boolean isKey(S3Object object, String prefix) {
        return !object.key().endsWith("/") && object.key().length() > location.prefix().length() + prefix.length();
    }

    private ListPage.Entry entry(S3Object object) {
        return new ListPage.Entry(object.key().substring(location.prefix().length()), object.lastModified(),
                object.size());
    }

    private static boolean more(ListObjectsV2Response answer) {
        return Boolean.TRUE.equals(answer.isTruncated());
    }

    /** Turns the request to the next page, if there is one. */
    private static boolean goOn(ListObjectsV2Response answer, ListObjectsV2Request.Builder request) {
        if (!more(answer) || answer.nextContinuationToken() == null) {
            return false;
        }
        request.continuationToken(answer.nextContinuationToken());
        return true;
    }

    private static @Nullable Instant date(ListObjectsV2Response answer) {
        return S3ObjectStore.date(answer.sdkHttpResponse());
    }
}
