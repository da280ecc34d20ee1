#!/bin/sh
# Software:   @asyncapi/modelina 5.10.1, with Node.js 18 or later
# Behaviour:  A text that may be null becomes a String in Java where it is said by a list of types. Said by anyOf, it becomes
#             Object, and a model without a name comes with it. A schema that names JSON Schema 2020-12 is no JSON Schema.
# Seen:       2026-11-29
# Why:        pydantic, msgspec and other makers of schemas say "text or null" by anyOf, and OpenAPI 3.1 names 2020-12. The
#             schemas that are published here use lists of types; docs/subscribing.md tells what to do about the dialect.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund --no-update-notifier @asyncapi/modelina@5.10.1

cat > make.js <<'JS'
const { JavaGenerator } = require('@asyncapi/modelina');

const draft7 = 'http://json-schema.org/draft-07/schema#';
const build = (dialect, owner) => ({
  $schema: dialect,
  title: 'Clinic',
  type: 'object',
  additionalProperties: false,
  properties: { owner },
});
const cases = [
  ['list of types', build(draft7, { type: ['string', 'null'] })],
  ['anyOf', build(draft7, { anyOf: [{ type: 'string' }, { type: 'null' }] })],
  ['2020-12', build('https://json-schema.org/draft/2020-12/schema', { type: 'string' })],
];
(async () => {
  for (const [name, schema] of cases) {
    try {
      const models = await new JavaGenerator().generate(schema);
      const clinic = models.find((model) => model.modelName === 'Clinic');
      const names = models.map((model) => `"${model.modelName}"`).sort().join(', ');
      console.log(`${name}: ${clinic.result.match(/private .*;/)[0]} models: ${names}`);
    } catch (error) {
      console.log(`${name}: ${error.message}`);
    }
  }
})();
JS
node make.js > seen 2>&1

cat > expected <<'TEXT'
list of types: private String owner; models: "Clinic"
anyOf: private Object owner; models: "", "Clinic"
2020-12: Input is not a JSON Schema, so it cannot be processed.
TEXT
cat seen
diff expected seen
