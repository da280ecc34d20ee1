#!/bin/sh
# Software:   Debezium's JDBC sink 3.6.0.Final (Kafka Connect 4.3.1, H2 2.4.240)
# Behaviour:  With `primary.key.mode=record_key` the sink stops at a record whose key is a text, although its documentation
#             says that of such a key `primary.key.fields` names the column. A key that is a record of that one text is written.
# Seen:       2026-11-30
# Why:        Compacted topics mostly have plain keys, and StringConverter is the usual converter for them. The task ends with
#             a ClassCastException. `HoistField$Key` cures it, and leaves tombstones alone: docs/subscribing.md tells of it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# The connector's archive and not its POM: that names another repository, in which Maven then looks first.
cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>connect-runtime</artifactId><version>4.3.1</version>
    </dependency>
    <dependency>
      <groupId>com.h2database</groupId><artifactId>h2</artifactId><version>2.4.240</version>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-dependency-plugin</artifactId>
        <version>3.8.1</version>
        <configuration>
          <outputDirectory>${project.basedir}/jars</outputDirectory>
          <artifactItems>
            <artifactItem>
              <groupId>io.debezium</groupId><artifactId>debezium-connector-jdbc</artifactId><version>3.6.0.Final</version>
              <classifier>plugin</classifier><type>tar.gz</type>
            </artifactItem>
          </artifactItems>
        </configuration>
      </plugin>
    </plugins>
  </build>
</project>
XML
mvn --batch-mode --quiet dependency:copy-dependencies dependency:unpack

cat > Write.java <<'JAVA'
import io.debezium.connector.jdbc.JdbcSinkConnectorTask;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

public class Write {
    private static final Schema ROW = SchemaBuilder.struct().field("name", Schema.STRING_SCHEMA).build();
    private static final Schema KEY = SchemaBuilder.struct().field("id", Schema.STRING_SCHEMA).build();

    public static void main(String[] arguments) {
        write("a text", Schema.STRING_SCHEMA, "1");
        write("a record of a text", KEY, new Struct(KEY).put("id", "1"));
    }

    private static void write(String key, Schema schema, Object value) {
        var task = new JdbcSinkConnectorTask();
        task.initialize((SinkTaskContext) Proxy.newProxyInstance(
                Write.class.getClassLoader(),
                new Class<?>[] {SinkTaskContext.class},
                (self, method, given) -> method.getReturnType() == Set.class ? Set.of() : null));
        task.start(Map.of(
                "topics", "units",
                "collection.name.format", "units",
                "connection.url", "jdbc:h2:mem:" + schema.type() + ";DATABASE_TO_UPPER=FALSE",
                "connection.username", "sa",
                "connection.password", "",
                "schema.evolution", "basic",
                "primary.key.mode", "record_key",
                "primary.key.fields", "id"));
        String told = "written";
        try {
            task.put(List.of(new SinkRecord("units", 0, schema, value, ROW, new Struct(ROW).put("name", "Clinic"), 0)));
            task.put(List.of());
        } catch (RuntimeException error) {
            Throwable cause = error;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            told = cause.getClass().getSimpleName();
        }
        System.out.println("key is " + key + ": " + told);
    }
}
JAVA
java -cp 'jars/*:jars/debezium-connector-jdbc/*' Write.java 2>/dev/null > told || true
grep '^key' told > seen

cat > expected <<'TEXT'
key is a text: ClassCastException
key is a record of a text: written
TEXT
cat seen
diff expected seen
