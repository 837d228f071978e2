package dev.windlass.s3;

import java.net.URI;

import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStoreProvider;
import dev.windlass.store.StoreSettings;

/**
 * Opens {@code s3://bucket/prefix}: Amazon S3, or another server that speaks its protocol.
 *
 * <p>Options, each as a query parameter of the URI, else in {@link StoreSettings#options()}, else from the
 * environment:
 * <table>
 * <caption>Options</caption>
 * <tr><th>name</th><th>environment</th><th>meaning</th><th>default</th></tr>
 * <tr><td>{@code region}</td><td>{@code S3_REGION}, then AWS's own chain</td><td>the bucket's region</td>
 * <td>none for AWS; {@code us-east-1} with an endpoint</td></tr>
 * <tr><td>{@code endpoint}</td><td>{@code S3_ENDPOINT}, then AWS's own ({@code AWS_ENDPOINT_URL_S3} and so on)</td>
 * <td>another server: {@code http} or {@code https} URL</td><td>Amazon S3</td></tr>
 * <tr><td>{@code pathStyle}</td><td></td><td>{@code true}: the bucket in the path; {@code false}: in the host name</td>
 * <td>{@code true} with an endpoint, else {@code false}</td></tr>
 * <tr><td>{@code timeout}</td><td></td><td>limit of one request, such as {@code 15s} or {@code 800ms}</td>
 * <td>{@code 15s}</td></tr>
 * <tr><td>{@code connectTimeout}</td><td></td><td>limit of opening a connection</td><td>{@code 3s}</td></tr>
 * </table>
 *
 * <p>Credentials come from AWS's own chain only (environment, profile, container, instance), never from the URI.
 *
 * <p>Opening makes no request: a wrong bucket or wrong credentials show at the first one. Safe for use by any number of
 * threads.
 */
public final class S3ObjectStoreProvider implements ObjectStoreProvider {

    /** For {@link java.util.ServiceLoader}. */
    public S3ObjectStoreProvider() {
    }

    @Override
    public boolean supports(String scheme) {
        return scheme.equals("s3");
    }

    /**
     * Opens a store, without a request.
     *
     * @throws dev.windlass.InvalidInputException if the URI or an option is not well-formed, or an option is not known
     * @throws dev.windlass.store.StoreRefusedException if no region is set anywhere, and no endpoint
     */
    @Override
    public ObjectStore open(URI uri, StoreSettings settings) {
        S3Location location = S3Location.parse(uri, settings, System::getenv);
        return new S3ObjectStore(location, S3Clients.open(location, settings.concurrency()), settings.environment());
    }
}
