#!/bin/sh
# Software:   Apache Kafka Connect 4.3.1 (connect-transforms, connect-api)
# Behaviour:  `HoistField$Value` turns a tombstone into a record with a value: a struct whose field is null. And the usual
#             header converter gives the text 00000000000000000039 as the number 39.
# Seen:       2026-11-29
# Why:        HoistField is the usual way to give JSON without a schema to a JDBC sink. With it no unit is ever deleted from
#             the table, whatever `delete.enabled` says. Sequences without their zeros don't sort as text any more.
#             docs/subscribing.md tells both, with the cure.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>connect-transforms</artifactId><version>4.3.1</version>
    </dependency>
  </dependencies>
</project>
XML
mvn --batch-mode --quiet dependency:copy-dependencies -DoutputDirectory=jars

cat > Hoist.java <<'JAVA'
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.apache.kafka.connect.storage.StringConverter;
import org.apache.kafka.connect.transforms.HoistField;

public class Hoist {
    public static void main(String[] arguments) {
        var converter = new StringConverter();
        converter.configure(Map.of(), false);
        var hoist = new HoistField.Value<SinkRecord>();
        hoist.configure(Map.of("field", "record"));
        var tombstone = converter.toConnectData("topic", null);
        var record = new SinkRecord("topic", 0, null, "key", tombstone.schema(), tombstone.value(), 0);
        System.out.println("before: " + record.value());
        System.out.println("after: " + hoist.apply(record).value());
        var text = "00000000000000000039".getBytes(StandardCharsets.UTF_8);
        System.out.println("header: " + new SimpleHeaderConverter().toConnectHeader("topic", "ce_sequence", text).value());
    }
}
JAVA
java -cp 'jars/*' Hoist.java 2>/dev/null > seen

cat > expected <<'TEXT'
before: null
after: Struct{}
header: 39
TEXT
cat seen
diff expected seen
