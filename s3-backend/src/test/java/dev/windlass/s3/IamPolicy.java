package dev.windlass.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import dev.windlass.doctor.Role;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A policy of docs/iam, as Amazon evaluates it: what no statement allows is denied. Knows what those policies use, and
 * refuses to read anything else.
 */
final class IamPolicy {
    private static final Path FOLDER = Path.of("..", "docs", "iam");

    private final List<Grant> grants = new ArrayList<>();

    /**
     * The smallest part of a policy that allows something.
     *
     * @param action the action
     * @param resource pattern of the ARN
     * @param prefix pattern of the prefix that is listed; null if there is no condition
     */
    record Grant(String action, String resource, @Nullable String prefix) {

        /** A listing without a prefix, or no listing at all, never meets a condition on the prefix. */
        boolean allows(String wanted, String arn, @Nullable String listed) {
            return action.equals(wanted) && matches(resource, arn)
                    && (prefix == null || (listed != null && matches(prefix, listed)));
        }

        private static boolean matches(String pattern, String text) {
            return Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"))
                    .matcher(text).matches();
        }
    }

    static Path file(Role role) {
        return FOLDER.resolve(role.name().toLowerCase(Locale.ROOT) + ".json");
    }

    static IamPolicy of(Role role, String bucket, String prefix) throws IOException {
        String text = Files.readString(file(role)).replace("BUCKET", bucket).replace("PREFIX", prefix);
        return new IamPolicy(JsonMapper.builder().build().readTree(text));
    }

    private IamPolicy(List<Grant> grants) {
        this.grants.addAll(grants);
    }

    private IamPolicy(JsonNode json) {
        require(names(json).equals(Set.of("Version", "Statement")), json);
        require(json.path("Version").asString().equals("2012-10-17"), json);
        for (JsonNode statement : json.path("Statement")) {
            require(Set.of("Sid", "Effect", "Action", "Resource", "Condition").containsAll(names(statement)),
                    statement);
            require(statement.path("Effect").asString().equals("Allow"), statement);
            List<@Nullable String> prefixes = new ArrayList<>();
            JsonNode condition = statement.path("Condition");
            if (condition.isMissingNode()) {
                prefixes.add(null);
            } else {
                require(names(condition).equals(Set.of("StringLike")), condition);
                require(names(condition.path("StringLike")).equals(Set.of("s3:prefix")), condition);
                prefixes.addAll(texts(condition.path("StringLike").path("s3:prefix")));
            }
            for (String action : texts(statement.path("Action"))) {
                require(!action.contains("*"), statement);
                for (String resource : texts(statement.path("Resource"))) {
                    prefixes.forEach(prefix -> grants.add(new Grant(action, resource, prefix)));
                }
            }
        }
    }

    private static void require(boolean holds, JsonNode where) {
        if (!holds) {
            throw new IllegalArgumentException("what this policy says is not known here: " + where);
        }
    }

    private static Set<String> names(JsonNode node) {
        return Set.copyOf(node.propertyNames());
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(each -> texts.add(each.asString()));
        } else {
            texts.add(node.asString());
        }
        return texts;
    }

    List<Grant> grants() {
        return grants;
    }

    /** The same policy, that allows more. */
    IamPolicy with(Grant more) {
        var all = new ArrayList<>(grants);
        all.add(more);
        return new IamPolicy(all);
    }

    /** Which of these requests would be denied if that part were missing. */
    List<PolicedS3.Asked> deniedWithout(Grant part, List<PolicedS3.Asked> asked) {
        var rest = new ArrayList<>(grants);
        rest.remove(part);
        return asked.stream().filter(each -> rest.stream()
                .noneMatch(grant -> grant.allows(each.action(), each.arn(), each.listed()))).toList();
    }

    /** Whether another policy allows nothing that this one does not. */
    boolean allowsAllOf(IamPolicy other) {
        return other.grants.stream().allMatch(part -> allows(part.action(), part.resource(), part.prefix()));
    }

    boolean allows(String action, String arn, @Nullable String listed) {
        return grants.stream().anyMatch(grant -> grant.allows(action, arn, listed));
    }
}
