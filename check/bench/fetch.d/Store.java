import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * A store on loopback that makes its bytes up, in as much of S3's API as its clients ask for to list
 * and get: {@code s3://bench/COUNTxBYTES/...} holds COUNT objects of BYTES bytes. Prints its port.
 */
final class Store {
    private static final byte[] BLOCK = new byte[1 << 20];

    private Store() {}

    public static void main(String[] args) throws IOException {
        new java.util.Random(1).nextBytes(BLOCK);
        try (var door = new ServerSocket();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
            System.out.println(door.getLocalPort());
            System.out.flush();
            while (true) {
                var socket = door.accept();
                threads.execute(() -> serve(socket));
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1));
            var out = socket.getOutputStream();
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var range = "";
                for (var h = in.readLine(); h != null && !h.isEmpty(); h = in.readLine()) {
                    if (h.toLowerCase(Locale.ROOT).startsWith("range:")) {
                        range = h.substring(6).strip();
                    }
                }
                var words = line.split(" ", -1);
                answer(out, words[0], words[1], range);
            }
        } catch (IOException gone) {
            // the client has what it wanted
        }
    }

    private static void answer(OutputStream out, String method, String target, String range)
            throws IOException {
        int mark = target.indexOf('?');
        var path = mark < 0 ? target : target.substring(0, mark);
        var query = query(mark < 0 ? "" : target.substring(mark + 1));
        if (path.equals("/bench") || path.equals("/bench/")) {
            if (method.equals("HEAD")) { // is there such a bucket?
                send(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                return;
            }
        }
        if (query.containsKey("list-type") || query.containsKey("prefix")) {
            xml(out, listing(query));
        } else {
            object(out, method, path, range);
        }
    }

    private static Map<String, String> query(String text) {
        var query = new HashMap<String, String>();
        for (var pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    /** {@code 40x1000} of a path or a prefix, as count and size. */
    private static long[] shape(String path) {
        for (var step : path.split("/", -1)) {
            if (step.matches("[0-9]+x[0-9]+")) {
                return new long[] {
                    Long.parseLong(step.substring(0, step.indexOf('x'))),
                    Long.parseLong(step.substring(step.indexOf('x') + 1))
                };
            }
        }
        return new long[] {0, 0};
    }

    private static String listing(Map<String, String> query) {
        var prefix = query.getOrDefault("prefix", "");
        var shape = shape(prefix);
        int from = Integer.parseInt(query.getOrDefault("continuation-token", "0"));
        int most = Integer.parseInt(query.getOrDefault("max-keys", "1000"));
        int to = (int) Math.min(shape[0], (long) from + most);
        var xml = new StringBuilder("<?xml version=\"1.0\"?><ListBucketResult><Name>bench</Name>");
        xml.append("<KeyCount>").append(to - from).append("</KeyCount><IsTruncated>").append(to < shape[0]);
        xml.append("</IsTruncated>");
        if (to < shape[0]) {
            xml.append("<NextContinuationToken>").append(to).append("</NextContinuationToken>");
        }
        var directory = prefix.endsWith("/") ? prefix : prefix + "/";
        for (int i = from; i < to; i++) {
            xml.append("<Contents><Key>").append(directory).append("f").append(i).append(".bin</Key>");
            xml.append("<LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;v").append(i);
            xml.append("-1&quot;</ETag><Size>").append(shape[1]);
            xml.append("</Size><StorageClass>STANDARD</StorageClass></Contents>");
        }
        return xml.append("</ListBucketResult>").toString();
    }

    private static void xml(OutputStream out, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        send(out, "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: " + bytes.length + "\r\n\r\n");
        out.write(bytes);
    }

    private static void object(OutputStream out, String method, String path, String range)
            throws IOException {
        var name = path.substring(path.lastIndexOf('/') + 1);
        if (!name.matches("f[0-9]+\\.bin")) {
            send(out, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        long size = shape(path)[1];
        long from = 0;
        long to = size - 1;
        if (range.startsWith("bytes=")) {
            var ends = range.substring(6).split("-", -1);
            from = Long.parseLong(ends[0]);
            to = ends[1].isEmpty() ? to : Math.min(to, Long.parseLong(ends[1]));
        }
        var number = name.substring(1, name.indexOf('.'));
        send(
                out,
                (range.isEmpty()
                                ? "HTTP/1.1 200 OK\r\n"
                                : "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes "
                                        + from + "-" + to + "/" + size + "\r\n")
                        + "ETag: \"v" + number + "-1\"\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                        + "Accept-Ranges: bytes\r\nContent-Type: binary/octet-stream\r\nContent-Length: "
                        + (to - from + 1) + "\r\n\r\n");
        if (!method.equals("HEAD")) {
            content(out, from, to + 1);
        }
    }

    private static void content(OutputStream out, long from, long end) throws IOException {
        for (long at = from; at < end; ) {
            int offset = (int) (at % BLOCK.length);
            int length = (int) Math.min(BLOCK.length - offset, end - at);
            out.write(BLOCK, offset, length);
            at += length;
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
