#!/bin/sh
# Software:   @asyncapi/modelina 5.10.1 with its preset for Jackson, jackson-databind 2.21.2, Java 17
# Behaviour:  A class made of a property `p_number` writes it twice: as p_number, and as pnumber. Jackson takes the getter
#             getPNumber() for a property of its own, since only the field has the annotation with the name.
# Seen:       2026-11-30
# Why:        Names of one letter and a word are common (P-number, e-mail, x-ray), and a copy that is written on is no longer
#             what was received. docs/subscribing.md says how a mapper is told to take fields alone.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund --no-update-notifier --ignore-scripts @asyncapi/modelina@5.10.1

cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>com.fasterxml.jackson.core</groupId><artifactId>jackson-databind</artifactId><version>2.21.2</version>
    </dependency>
  </dependencies>
</project>
XML
mvn --batch-mode --quiet dependency:copy-dependencies -DoutputDirectory=jars

cat > make.js <<'JS'
const { JavaFileGenerator, JAVA_JACKSON_PRESET } = require('@asyncapi/modelina');

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Clinic',
  type: 'object',
  additionalProperties: false,
  required: ['p_number', 'location_number'],
  properties: { p_number: { type: 'string' }, location_number: { type: 'string' } },
};
new JavaFileGenerator({ presets: [JAVA_JACKSON_PRESET] }).generateToFiles(schema, 'clinics', { packageName: 'clinics' }, true);
JS
node make.js

cat > Copy.java <<'JAVA'
import com.fasterxml.jackson.databind.ObjectMapper;

public class Copy {
    public static void main(String[] arguments) throws Exception {
        var mapper = new ObjectMapper();
        var told = "{\"p_number\":\"1003417726\",\"location_number\":\"5790000000000\"}";
        var written = mapper.valueToTree(mapper.readValue(told, clinics.Clinic.class));
        written.properties().stream().map(Object::toString).sorted().forEach(System.out::println);
    }
}
JAVA
javac -cp 'jars/*' -d classes clinics/Clinic.java
java -cp 'jars/*:classes' Copy.java > seen

cat > expected <<'TEXT'
location_number="5790000000000"
p_number="1003417726"
pnumber="1003417726"
TEXT
cat seen
diff expected seen
