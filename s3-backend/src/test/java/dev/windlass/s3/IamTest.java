package dev.windlass.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.windlass.doctor.Role;
import dev.windlass.doctor.Role.Access;
import dev.windlass.doctor.Role.Kind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The policies of docs/iam against all requests that each role makes: those of {@link IamWorld}, in which every role does
 * all that it does, each under its own policy. What a role asks is allowed, and what a policy allows is asked for.
 */
class IamTest {
    private static final String OBJECTS = "arn:aws:s3:::" + IamWorld.BUCKET + "/" + IamWorld.PREFIX + "/";
    private static Map<Role, List<PolicedS3.Asked>> asked = Map.of();

    @BeforeAll
    @Timeout(300)
    static void live() throws Exception {
        try (IamWorld world = new IamWorld()) {
            asked = world.live();
        }
    }

    private static IamPolicy policy(Role role) throws IOException {
        return IamPolicy.of(role, IamWorld.BUCKET, IamWorld.PREFIX);
    }

    private static List<PolicedS3.Asked> of(Role role) {
        return asked.getOrDefault(role, List.of());
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void policy_everyRequestOfItsRole_isAllowed(Role role) {
        assertThat(of(role)).isNotEmpty().allMatch(PolicedS3.Asked::allowed);
    }

    /** Without any one part of a policy, something that its role asks for would be denied. */
    @ParameterizedTest
    @EnumSource(Role.class)
    void policy_everyPartOfIt_isNeeded(Role role) throws IOException {
        IamPolicy policy = policy(role);
        assertThat(policy.grants().stream().filter(grant -> policy.deniedWithout(grant, of(role)).isEmpty()))
                .as("what nobody needs").isEmpty();
    }

    @Test
    void policy_partThatNobodyNeeds_isFound() throws IOException {
        IamPolicy policy = policy(Role.READER);
        var more = new IamPolicy.Grant("s3:GetObject", OBJECTS + "tasks/*", null);

        assertThat(policy.with(more).deniedWithout(more, of(Role.READER))).isEmpty();
    }

    /** What doctor asks for on behalf of a role is what the role asks for. */
    @ParameterizedTest
    @EnumSource(Role.class)
    void role_accesses_areTheRequestsThatItMakes(Role role) {
        assertThat(role.accesses()).as("what nobody needs")
                .allMatch(access -> of(role).stream().anyMatch(each -> covers(access, each)));
        assertThat(of(role).stream().filter(each -> each.arn().startsWith(OBJECTS) || isFolder(each)))
                .as("requests that the role does not have")
                .allMatch(each -> role.accesses().stream().anyMatch(access -> covers(access, each)));
    }

    /** Of the listings those that are more than a look for one object. */
    private static boolean isFolder(PolicedS3.Asked each) {
        String listed = each.listed();
        return listed != null && listed.endsWith("/");
    }

    private static boolean covers(Access access, PolicedS3.Asked each) {
        String action = switch (access.kind()) {
            case GET -> "s3:GetObject";
            case PUT -> "s3:PutObject";
            case DELETE -> "s3:DeleteObject";
            case LIST -> "s3:ListBucket";
        };
        String listed = each.listed();
        return access.kind() == Kind.LIST
                ? listed != null && isFolder(each) && listed.startsWith(IamWorld.PREFIX + "/" + access.keys())
                : new IamPolicy.Grant(action, OBJECTS + access.keys(), null).allows(each.action(), each.arn(), null);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void policy_objects_areThoseOfTheRole(Role role) throws IOException {
        var allowed = policy(role).grants().stream().filter(grant -> grant.resource().startsWith(OBJECTS))
                .map(grant -> grant.action() + " " + grant.resource().substring(OBJECTS.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        var needed = role.accesses().stream().filter(access -> access.kind() != Kind.LIST)
                .map(access -> switch (access.kind()) {
                    case GET -> "s3:GetObject ";
                    case PUT -> "s3:PutObject ";
                    default -> "s3:DeleteObject ";
                } + access.keys()).collect(Collectors.toCollection(TreeSet::new));
        assertThat(allowed).isEqualTo(needed);
    }

    /** The table of a role: keys, and an x for each kind of request. */
    @Test
    void readme_tables_areThoseOfTheRoles() throws IOException {
        String text = Files.readString(Path.of("..", "docs", "iam", "README.md"));
        for (Role role : Role.values()) {
            var rows = new ArrayList<String>();
            int start = text.indexOf("<!-- role: " + role.name().toLowerCase(Locale.ROOT) + " -->");
            assertThat(start).as("the table of " + role).isNotNegative();
            Matcher matcher = Pattern.compile("(?m)^\\| `([^`]+)` \\| (.) \\| (.) \\| (.) \\| (.) \\|")
                    .matcher(text.substring(start, text.indexOf("\n\n", start)));
            while (matcher.find()) {
                int column = 2;
                for (Kind kind : Kind.values()) {
                    if (matcher.group(column++).equals("x")) {
                        rows.add(kind + " " + matcher.group(1));
                    }
                }
            }
            assertThat(rows).as("the table of " + role)
                    .containsExactlyInAnyOrderElementsOf(role.accesses().stream().map(Access::toString).toList());
        }
    }

    @Test
    void grant_conditionOnThePrefix_doesNotHoldWithoutOne() {
        var grant = new IamPolicy.Grant("s3:ListBucket", "arn:aws:s3:::b", "p/ready/*");

        assertThat(grant.allows("s3:ListBucket", "arn:aws:s3:::b", "p/ready/q/5/")).isTrue();
        assertThat(grant.allows("s3:ListBucket", "arn:aws:s3:::b", "p/tasks/")).isFalse();
        assertThat(grant.allows("s3:ListBucket", "arn:aws:s3:::b", null)).isFalse();
        assertThat(grant.allows("s3:GetObject", "arn:aws:s3:::b", "p/ready/")).isFalse();
        assertThat(grant.allows("s3:ListBucket", "arn:aws:s3:::c", "p/ready/")).isFalse();
    }
}
