package dev.marea.storage.stores.webhdfs;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.credentials.Sensitive;
import dev.marea.storage.credentials.Source;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.talk.Percent;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a cluster's names are asked for, and as whom: KServe's keys HDFS_NAMENODE, HDFS_ROOTPATH,
 * USER_PROXY, HEADERS, and Hadoop's delegation token.
 *
 * @param address with scheme and authority, without a path
 * @param root what stands before a path of the URI
 */
record Namenode(
        String address,
        String root,
        String path,
        Optional<String> user,
        Optional<Sensitive> token,
        Map<String, String> headers,
        boolean administrators) {
    static Namenode of(StoreUri uri, Access access) throws FetchFailure {
        var source = access.holding("HDFS_NAMENODE").orElse(access.environment());
        if (source.first("KERBEROS_PRINCIPAL").isPresent()) {
            throw FetchFailure.lasting(
                    uri
                            + ": "
                            + source.name()
                            + " asks for Kerberos, which is not served; put a delegation token under HDFS_DELEGATION_TOKEN");
        }
        var rest = uri.rest();
        int slash = rest.indexOf('/');
        var host = slash < 0 ? rest : rest.substring(0, slash);
        var configured = configured(source);
        boolean named =
                uri.scheme().equals("webhdfs") && (host.contains(":") || configured.isEmpty());
        var address = named ? Optional.of("http://" + withPort(host)) : configured;
        if (address.isEmpty()) {
            throw FetchFailure.lasting(
                    uri
                            + " names no server; write webhdfs://namenode:9870/path, or put HDFS_NAMENODE into a Secret");
        }
        // what the administrator holds goes to no server that a tenant names
        boolean let = !named || !source.administrators() || configured.equals(address);
        return new Namenode(
                address.get(),
                named ? "" : source.setting("", "HDFS_ROOTPATH").orElse(""),
                named ? rest.substring(host.length()) : "/" + rest.replaceFirst("^/+", ""),
                source.setting("", "USER_PROXY", "HADOOP_USER_NAME"),
                source.first("HDFS_DELEGATION_TOKEN").filter(_ -> let),
                let ? headers(source) : Map.of(),
                !named && source.administrators());
    }

    private static String withPort(String host) {
        return host.contains(":") ? host : host + ":9870";
    }

    private static Optional<String> configured(Source source) throws FetchFailure {
        var text = source.setting("", "HDFS_NAMENODE");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        var first = text.get().split("[;,]", 2)[0].strip().replaceFirst("/+$", "");
        var address = first.contains("://") ? first : "http://" + first;
        try {
            if (URI.create(address).getHost() != null) {
                return Optional.of(address);
            }
        } catch (IllegalArgumentException bad) {
            // told below, with the place to mend
        }
        throw FetchFailure.lasting("HDFS_NAMENODE of " + source.name() + " is no address");
    }

    private static Map<String, String> headers(Source source) throws FetchFailure {
        var headers = new LinkedHashMap<String, String>();
        var text = source.first("HEADERS").map(Sensitive::reveal).orElse("{}");
        try {
            if (JsonReader.read(text) instanceof Json.Obj(var fields)) {
                fields.forEach((name, value) -> {
                    if (value instanceof Json.Str(var said)) {
                        headers.put(name, said);
                    }
                });
                return headers;
            }
        } catch (JsonReader.MalformedJson secretText) {
            // its message may quote the text
        }
        throw FetchFailure.lasting("HEADERS of " + source.name() + " is no JSON object");
    }

    /** The address of an operation on a path below the root. */
    URI operation(String path, Map<String, String> parameters) {
        var query = new LinkedHashMap<>(parameters);
        token.ifPresentOrElse(
                held -> query.put("delegation", held.reveal().strip()),
                () -> user.ifPresent(name -> query.put("user.name", name)));
        return URI.create(
                address + "/webhdfs/v1" + Percent.path(root + path) + "?" + Percent.query(query));
    }

    HttpRequest.Builder get(String path, Map<String, String> parameters) {
        var request = HttpRequest.newBuilder(operation(path, parameters));
        headers.forEach(request::header);
        return request;
    }

    /** Headers may be secret. */
    @Override
    public String toString() {
        return "Namenode[" + address + "]";
    }
}
