package dev.marea.storage.stores.azure;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.HttpMethod;
import com.microsoft.aad.msal4j.IClientCredential;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import dev.marea.storage.credentials.Access;
import dev.marea.storage.credentials.Source;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.stores.talk.Renewing;
import dev.marea.storage.stores.talk.StoreWords;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tokens of an application, by its secret or the pod's own token, through the vendor's module. */
record EntraTokens(Source source, Access access, Asking http) implements Renewing.Lender<String> {
    private static final Set<String> SCOPE = Set.of("https://storage.azure.com/.default");
    private static final long WAIT_SECONDS_MAX = 120;

    @Override
    public Renewing.Lent<String> lend() throws FetchFailure, InterruptedException {
        try {
            var result =
                    application()
                            .acquireToken(ClientCredentialParameters.builder(SCOPE).build())
                            .get(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
            return Renewing.Lent.until(result.accessToken(), result.expiresOnDate().toInstant());
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof FetchFailure own) {
                throw own;
            }
            var why = refused.getCause() == null ? refused : refused.getCause();
            throw FetchFailure.lasting(
                    "Entra ID gives no token to the application of %s: %s"
                            .formatted(
                                    source.name(),
                                    StoreWords.line(String.valueOf(why.getMessage()))));
        } catch (TimeoutException silent) {
            throw FetchFailure.passing("Entra ID gave no token within " + WAIT_SECONDS_MAX + " s");
        } catch (MalformedURLException | IllegalArgumentException bad) {
            throw FetchFailure.lasting(
                    "AZURE_AUTHORITY_HOST or AZURE_TENANT_ID of "
                            + source.name()
                            + " is no part of an address");
        }
    }

    private ConfidentialClientApplication application() throws FetchFailure, MalformedURLException {
        var host =
                access.administrators("AZURE_AUTHORITY_HOST")
                        .orElse("https://login.microsoftonline.com");
        return ConfidentialClientApplication.builder(value(Permits.CLIENT), credential())
                .authority((host.endsWith("/") ? host : host + "/") + value(Permits.TENANT) + "/")
                .instanceDiscovery(false)
                .httpClient(new ThroughOurs(http))
                .build();
    }

    private IClientCredential credential() throws FetchFailure {
        var secret = source.first(Permits.CLIENT_SECRET);
        if (secret.isPresent()) {
            return ClientCredentialFactory.createFromSecret(secret.get().reveal().strip());
        }
        var file = Path.of(access.administrators("AZURE_FEDERATED_TOKEN_FILE").orElse(""));
        try {
            return ClientCredentialFactory.createFromClientAssertion(
                    Files.readString(file).strip());
        } catch (IOException gone) {
            throw FetchFailure.lasting(
                    "AZURE_FEDERATED_TOKEN_FILE names " + file + ", which cannot be read");
        }
    }

    private String value(String... names) {
        return source.first(names).map(found -> found.reveal().strip()).orElse("");
    }

    private record ThroughOurs(Asking http) implements IHttpClient {
        @Override
        public IHttpResponse send(com.microsoft.aad.msal4j.HttpRequest request)
                throws FetchFailure, InterruptedException {
            return new Answered(http.ask(new Asking.Request(() -> ours(request), false, true)));
        }

        private static HttpRequest.Builder ours(com.microsoft.aad.msal4j.HttpRequest request) {
            var ours = HttpRequest.newBuilder(URI.create(request.url().toString()));
            request.headers().forEach(ours::header);
            return request.httpMethod() == HttpMethod.POST
                    ? ours.POST(BodyPublishers.ofString(request.body()))
                    : ours.GET();
        }
    }

    private record Answered(Asking.Answer answer) implements IHttpResponse {
        @Override
        public int statusCode() {
            return answer.status();
        }

        @Override
        public Map<String, List<String>> headers() {
            return answer.headers().map();
        }

        @Override
        public String body() {
            return new String(answer.body(), StandardCharsets.UTF_8);
        }
    }
}
