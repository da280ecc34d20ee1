#!/bin/sh
# Software:   @asyncapi/modelina 5.10.1, with Node.js 18 or later
# Behaviour:  The TypeScript generator renames properties in plain interfaces: `name` becomes `reservedName`, `unit_type`
#             becomes `unitType`. Nothing maps the names back, so an interface does not fit the JSON that its schema describes.
# Seen:       2026-11-30
# Why:        A program that is compiled against such types reads undefined. `rawPropertyNames` keeps the names, and
#             examples/models/make_models.mjs sets it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund --no-update-notifier --ignore-scripts @asyncapi/modelina@5.10.1

cat > make.js <<'JS'
const { TypeScriptGenerator } = require('@asyncapi/modelina');

const text = { type: 'string' };
const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Clinic',
  type: 'object',
  additionalProperties: false,
  properties: { name: text, status: text, unit_type: text },
};
(async () => {
  for (const rawPropertyNames of [false, true]) {
    const [clinic] = await new TypeScriptGenerator({ modelType: 'interface', rawPropertyNames }).generate(schema);
    const names = [...clinic.result.matchAll(/(\w+)'?\?: string/g)].map((found) => found[1]);
    console.log(`rawPropertyNames ${rawPropertyNames}: ${names.join(', ')}`);
  }
})();
JS
node make.js > seen 2>&1

cat > expected <<'TEXT'
rawPropertyNames false: reservedName, reservedStatus, unitType
rawPropertyNames true: name, status, unit_type
TEXT
cat seen
diff expected seen
