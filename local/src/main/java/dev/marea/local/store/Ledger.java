package dev.marea.local.store;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * The SQLite file: every batch is one transaction, and is on the disk when {@code append} returns.
 * Versions count changes one by one, so the oldest kept change says what is forgotten.
 */
final class Ledger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final int FORMAT = 1;
    private static final int BUSY_MS_MAX = 5_000;

    private final Map<String, Resource> served = new HashMap<>();
    private final int windowMax;
    private final Connection writer;
    private final Connection reader;

    /** True in memory, where there is only one connection. */
    private final boolean shared;

    private final ReentrantLock reading = new ReentrantLock();

    private Ledger(Iterable<Resource> kinds, int windowMax, Connection writer, Connection reader) {
        kinds.forEach(kind -> served.put(family(kind), kind));
        this.windowMax = windowMax;
        this.writer = writer;
        this.reader = reader;
        this.shared = writer.equals(reader);
    }

    static Ledger open(Path file, Iterable<Resource> kinds, int windowMax)
            throws IOException, SQLException {
        if (!Files.exists(file)) {
            createForOwnerOnly(file);
        }
        var writer = connect("jdbc:sqlite:" + file);
        prepare(writer, file.toString());
        return new Ledger(kinds, windowMax, writer, connect("jdbc:sqlite:" + file));
    }

    static Ledger inMemory(Iterable<Resource> kinds, int windowMax) throws SQLException {
        var both = connect("jdbc:sqlite::memory:");
        prepare(both, "memory");
        return new Ledger(kinds, windowMax, both, both);
    }

    /** The file holds Secrets. */
    private static void createForOwnerOnly(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            var ownerOnly = PosixFilePermissions.fromString("rw-------");
            Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
        } else {
            Files.createFile(file);
        }
    }

    private static Connection connect(String url) throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MS_MAX);
        return config.createConnection(url);
    }

    private static void prepare(Connection connection, String where) throws SQLException {
        try (var statement = connection.createStatement()) {
            int format = statement.executeQuery("PRAGMA user_version").getInt(1);
            if (format > FORMAT) {
                throw new SQLException(
                        "%s has format %d, and this version of marea reads up to %d: it was written by a newer one"
                                .formatted(where, format, FORMAT));
            }
            statement.execute(
                    """
                    CREATE TABLE IF NOT EXISTS objects (
                      kind TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
                      version INTEGER NOT NULL, body BLOB NOT NULL,
                      PRIMARY KEY (kind, namespace, name)) WITHOUT ROWID\
                    """);
            statement.execute(
                    """
                    CREATE TABLE IF NOT EXISTS changes (
                      version INTEGER PRIMARY KEY, type TEXT NOT NULL,
                      kind TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
                      body BLOB NOT NULL)\
                    """);
            statement.execute(
                    "CREATE INDEX IF NOT EXISTS changes_of ON changes (kind, namespace, name, version)");
            statement.execute("PRAGMA user_version = " + FORMAT);
        }
        connection.setAutoCommit(false);
        connection.commit();
    }

    /** A kind keeps its objects when the version that it is served in changes. */
    private static String family(Resource kind) {
        return kind.group() + "/" + kind.plural();
    }

    /** Everything current; kinds that are no longer served stay in the file, unread. */
    void load(BiConsumer<Key, Stored> consumer) throws SQLException, MalformedJson {
        var unserved = new HashMap<String, Integer>();
        try (var statement = writer.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT kind, namespace, name, version, body FROM objects")) {
            while (rows.next()) {
                var kind = served.get(rows.getString(1));
                if (kind == null) {
                    unserved.merge(rows.getString(1), 1, Integer::sum);
                } else {
                    var key = new Key(kind, rows.getString(2), rows.getString(3));
                    consumer.accept(key, new Stored(rows.getLong(4), body(kind, rows.getBytes(5))));
                }
            }
        }
        writer.rollback();
        unserved.forEach((kind, n) ->
                LOG.warn(
                        "{} objects of {} stay in the state file unread: this version serves no such kind",
                        n,
                        kind));
    }

    private static Json.Obj body(Resource kind, byte[] utf8) throws MalformedJson {
        if (JsonReader.read(utf8) instanceof Json.Obj object) {
            return object.text("apiVersion").filter(kind.apiVersion()::equals).isPresent()
                    ? object
                    : object.with("apiVersion", Json.of(kind.apiVersion()));
        }
        throw new MalformedJson("a stored " + kind.kind() + " is no JSON object");
    }

    long version() throws SQLException {
        return number("SELECT coalesce(max(version), 0) FROM changes");
    }

    /** Changes up to this version are forgotten. */
    long floor() throws SQLException {
        return number("SELECT coalesce(min(version), 1) - 1 FROM changes");
    }

    private long number(String query) throws SQLException {
        reading.lock();
        try (var statement = reader.createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.getLong(1);
        } finally {
            reading.unlock();
        }
    }

    /** All or nothing, and durable once it returns. */
    void append(List<Change> changes) throws SQLException {
        if (shared) {
            reading.lock();
        }
        try {
            insert(changes);
            writer.commit();
        } catch (SQLException failed) {
            writer.rollback();
            throw failed;
        } finally {
            if (shared) {
                reading.unlock();
            }
        }
    }

    private void insert(List<Change> changes) throws SQLException {
        try (var logged =
                        writer.prepareStatement(
                                "INSERT INTO changes (version, type, kind, namespace, name, body)"
                                        + " VALUES (?, ?, ?, ?, ?, ?)");
                var put =
                        writer.prepareStatement(
                                "INSERT OR REPLACE INTO objects (kind, namespace, name, version,"
                                        + " body) VALUES (?, ?, ?, ?, ?)");
                var remove =
                        writer.prepareStatement(
                                "DELETE FROM objects WHERE kind = ? AND namespace = ? AND name ="
                                        + " ?");
                var forget = writer.prepareStatement("DELETE FROM changes WHERE version <= ?")) {
            for (var change : changes) {
                var body = JsonWriter.bytes(change.object());
                log(logged, change, body);
                switch (change.type()) {
                    case ADDED, MODIFIED -> put(put, change, body);
                    case DELETED -> {
                        name(remove, 1, change.key());
                        remove.executeUpdate();
                    }
                }
            }
            forget.setLong(1, changes.getLast().version() - windowMax);
            forget.executeUpdate();
        }
    }

    private static void log(PreparedStatement logged, Change change, byte[] body)
            throws SQLException {
        logged.setLong(1, change.version());
        logged.setString(2, change.type().name());
        name(logged, 3, change.key());
        logged.setBytes(6, body);
        logged.executeUpdate();
    }

    private static void put(PreparedStatement put, Change change, byte[] body) throws SQLException {
        name(put, 1, change.key());
        put.setLong(4, change.version());
        put.setBytes(5, body);
        put.executeUpdate();
    }

    private static void name(PreparedStatement statement, int from, Key key) throws SQLException {
        statement.setString(from, family(key.resource()));
        statement.setString(from + 1, key.namespace());
        statement.setString(from + 2, key.name());
    }

    /** A piece of the past; {@code more} if it was cut at its limit. */
    record Page(List<Committed> changes, boolean more) {}

    /** At most {@code max} changes after {@code from}, oldest first; of one kind if it is given. */
    Page replay(Optional<Resource> kind, long from, int max) throws SQLException, MalformedJson {
        var found = new ArrayList<Committed>();
        int rowsRead = 0;
        var latest = new HashMap<Key, Json.Obj>();
        reading.lock();
        try (var query =
                reader.prepareStatement(
                        "SELECT version, type, kind, namespace, name, body FROM changes WHERE version > ? "
                                + (kind.isPresent() ? "AND kind = ? " : "")
                                + "ORDER BY version LIMIT "
                                + max)) {
            query.setLong(1, from);
            if (kind.isPresent()) {
                query.setString(2, family(kind.get()));
            }
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    rowsRead++;
                    var resource = served.get(rows.getString(3));
                    if (resource != null) {
                        found.add(committed(rows, resource, latest));
                    }
                }
            }
        } finally {
            reading.unlock();
        }
        return new Page(found, rowsRead == max);
    }

    private Committed committed(ResultSet row, Resource kind, Map<Key, Json.Obj> latest)
            throws SQLException, MalformedJson {
        long version = row.getLong(1);
        var type = Change.Type.valueOf(row.getString(2));
        var key = new Key(kind, row.getString(4), row.getString(5));
        var object = body(kind, row.getBytes(6));
        var before =
                type == Change.Type.ADDED
                        ? Optional.<Json.Obj>empty()
                        : Optional.ofNullable(latest.get(key)).or(() -> before(key, version));
        latest.put(key, object);
        return new Committed(new Change(version, type, key, object), before);
    }

    private Optional<Json.Obj> before(Key key, long version) {
        try (var query =
                reader.prepareStatement(
                        "SELECT body FROM changes WHERE kind = ? AND namespace = ? AND name = ? AND version < ?"
                                + " ORDER BY version DESC LIMIT 1")) {
            name(query, 1, key);
            query.setLong(4, version);
            try (var rows = query.executeQuery()) {
                return rows.next()
                        ? Optional.of(body(key.resource(), rows.getBytes(1)))
                        : Optional.empty();
            }
        } catch (SQLException | MalformedJson failed) {
            throw new IllegalStateException("cannot read the change before " + version, failed);
        }
    }

    @Override
    public void close() throws SQLException {
        reading.lock();
        try {
            reader.close();
            writer.close();
        } finally {
            reading.unlock();
        }
    }
}
