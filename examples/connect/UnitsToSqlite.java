import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** A sink of Kafka Connect: the units of sor.units as a table, by JDBC. A tombstone deletes the row. */
public class UnitsToSqlite extends SinkConnector {
    private static final String TABLE =
            "CREATE TABLE IF NOT EXISTS units (sor_id TEXT PRIMARY KEY, sequence TEXT, time TEXT, state TEXT)";
    private Map<String, String> settings;

    @Override public void start(Map<String, String> given) { settings = given; }
    @Override public void stop() { }
    @Override public String version() { return "1"; }
    @Override public Class<? extends Task> taskClass() { return Writer.class; }
    @Override public List<Map<String, String>> taskConfigs(int most) { return Collections.singletonList(settings); }
    @Override public ConfigDef config() {
        return new ConfigDef().define("url", ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "of JDBC");
    }

    /** Writes what came. What comes twice is written twice, and the table is the same. */
    public static class Writer extends SinkTask {
        private Connection database;

        @Override public String version() { return "1"; }

        @Override public void start(Map<String, String> settings) {
            try {
                database = DriverManager.getConnection(settings.get("url"));
                database.createStatement().execute(TABLE);
                database.setAutoCommit(false);
            } catch (SQLException error) {
                throw new RetriableException(error);
            }
        }

        @Override public void put(Collection<SinkRecord> records) {
            try (PreparedStatement put = database.prepareStatement("REPLACE INTO units VALUES (?, ?, ?, ?)");
                    PreparedStatement delete = database.prepareStatement("DELETE FROM units WHERE sor_id = ?")) {
                for (SinkRecord record : records) {
                    PreparedStatement statement = record.value() == null ? delete : put;
                    statement.setString(1, (String) record.key());
                    if (record.value() != null) {
                        put.setString(2, header(record, "ce_sequence"));
                        put.setString(3, header(record, "ce_time"));
                        put.setString(4, (String) record.value());
                    }
                    statement.executeUpdate();
                }
                database.commit();
            } catch (SQLException error) {
                throw new RetriableException(error);
            }
        }

        private static String header(SinkRecord record, String name) {
            var found = record.headers().lastWithName(name);
            return found == null ? null : (String) found.value();
        }

        @Override public void stop() {
            try {
                database.close();
            } catch (SQLException error) {
                throw new RetriableException(error);
            }
        }
    }
}
