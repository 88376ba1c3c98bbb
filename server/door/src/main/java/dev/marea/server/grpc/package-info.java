/**
 * The V2 protocol over gRPC, on the server's one port: {@link dev.marea.server.grpc.GrpcConnection}
 * turns one HTTP/2 stream into one call; what a method does is an {@link
 * dev.marea.server.grpc.Rpc}.
 *
 * <p>Nothing here is loaded before the first gRPC request: a server that is only asked over REST
 * does not pay for protobuf.
 */
@NullMarked
package dev.marea.server.grpc;

import org.jspecify.annotations.NullMarked;
