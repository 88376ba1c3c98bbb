package dev.marea.storage.stores.talk;

import dev.marea.storage.store.Asking;
import dev.marea.storage.store.Asking.Answer;
import dev.marea.storage.store.FetchFailure;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.net.http.HttpHeaders;
import java.util.function.IntFunction;

/**
 * What one listing asks its store, and how a refusal is told: whose it is, the store's own words,
 * what to do.
 *
 * @param subject what is fetched, as a person wrote it
 * @param administrators whether the administrator named the server's address
 * @param advice what to do about a status
 */
public record Conversation(
        Asking http, String subject, boolean administrators, IntFunction<String> advice) {

    /** The answer, whatever its status; redirects are not followed. */
    public Answer raw(Asking.Builder request) throws FetchFailure, InterruptedException {
        return http.ask(new Asking.Request(request, false, administrators));
    }

    /** An answer of success. */
    public Answer ok(Asking.Builder request) throws FetchFailure, InterruptedException {
        var answer = http.ask(new Asking.Request(request, true, administrators));
        if (!answer.ok()) {
            throw refused(answer);
        }
        return answer;
    }

    public Json.Obj json(Asking.Builder request) throws FetchFailure, InterruptedException {
        var answer = ok(request);
        try {
            if (JsonReader.read(answer.body()) instanceof Json.Obj object) {
                return object;
            }
            throw nonsense("is no JSON object");
        } catch (JsonReader.MalformedJson malformed) {
            throw nonsense("is no JSON");
        }
    }

    public Xml xml(Asking.Builder request) throws FetchFailure, InterruptedException {
        return xml(ok(request));
    }

    public Xml xml(Answer answer) throws FetchFailure {
        try {
            return Xml.read(answer.body());
        } catch (Xml.Malformed malformed) {
            throw nonsense(String.valueOf(malformed.getMessage()));
        }
    }

    public FetchFailure refused(Answer answer) {
        return refused(answer.status(), answer.headers(), answer.body());
    }

    public FetchFailure refused(int status, HttpHeaders headers, byte[] body) {
        return Refusals.of(subject, status, StoreWords.of(headers, body), advice.apply(status));
    }

    /** Cut or garbled on its way, or no such store: another try may help. */
    private FetchFailure nonsense(String what) {
        return FetchFailure.passing(subject + ": the store's answer " + what);
    }
}
