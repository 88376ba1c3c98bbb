package dev.marea.kubernetes.certs;

import dev.marea.wire.http.Certificates;

/**
 * What a door needs.
 *
 * @param serving what it shows
 * @param trust the roots, as PEM one after another: who calls us trusts them, and whoever shows a
 *     client certificate must have it from one of them
 */
public record Papers(Certificates.Pem serving, String trust) {}
