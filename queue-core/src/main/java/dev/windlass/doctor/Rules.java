package dev.windlass.doctor;

import java.util.List;
import java.util.stream.Collectors;

import dev.windlass.store.StoreException;
import dev.windlass.store.StoreRules;

/** What a store does to objects by itself: whether it keeps what was deleted, and whether it takes away what lives. */
final class Rules {
    /** Where the objects are that tasks stand on. What is below doctor/ and workers/ may go at any time. */
    private static final List<String> LIVE = List.of("meta/", "tasks/", "ready/", "leases/", "dead/", "payloads/",
            "schedules/", "workflow/");

    private final StoreRules rules;

    Rules(StoreRules rules) {
        this.rules = rules;
    }

    Check versions() {
        boolean keeps;
        try {
            keeps = rules.keepsDeleted();
        } catch (StoreException e) {
            return Check.note("versions", "not known: " + e.getMessage(),
                    "Allow s3:GetBucketVersioning on the bucket, or look yourself that versioning is off.");
        }
        return keeps
                ? Check.note("versions",
                        "versions are kept: whatever is deleted leaves a marker, which every LIST passes"
                                + " over, and every version is billed",
                        "Use a bucket without versioning, or add a lifecycle rule that removes noncurrent versions after a"
                                + " day, and delete markers that nothing is left behind of.")
                : Check.good("versions", "what is deleted is gone, and slows no listing down");
    }

    Check expiry() {
        List<StoreRules.Expiry> harmful;
        try {
            harmful = rules.expiries().stream().filter(Rules::touchesLive).toList();
        } catch (StoreException e) {
            return Check.note("expiry", "not known: " + e.getMessage(),
                    "Allow s3:GetLifecycleConfiguration on the bucket, or look yourself that no lifecycle rule expires"
                            + " or archives objects below the store's prefix.");
        }
        if (harmful.isEmpty()) {
            return Check.good("expiry", "no rule takes live objects away");
        }
        return Check.bad("expiry", harmful.stream().map(Rules::text).collect(Collectors.joining("; ")),
                "Remove or narrow these lifecycle rules: they take tasks away that are still waiting. Rules for noncurrent"
                        + " versions and unfinished uploads do no harm.");
    }

    private static boolean touchesLive(StoreRules.Expiry expiry) {
        return LIVE.stream().anyMatch(folder -> folder.startsWith(expiry.prefix())
                || expiry.prefix().startsWith(folder));
    }

    private static String text(StoreRules.Expiry expiry) {
        return "the rule \"" + expiry.rule() + "\" " + switch (expiry.effect()) {
            case REMOVED -> "removes ";
            case ARCHIVED -> "archives ";
        } + (expiry.prefix().isEmpty() ? "all objects" : "objects below " + expiry.prefix()) + " when they are "
                + expiry.when();
    }
}
