#!/bin/sh
# Software:   @asyncapi/modelina 5.10.1, with Node.js 18 or later
# Behaviour:  Of a property whose default is an empty list the Java generator makes a field that says `= ;`, which no compiler
#             takes; for arrays as for lists.
# Seen:       2026-11-30
# Why:        msgspec writes `"default": []` for each list that may be left out. The models of `history` and
#             `report` did not compile; examples/models/make_models.mjs leaves such defaults out.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund --no-update-notifier --ignore-scripts @asyncapi/modelina@5.10.1

cat > make.js <<'JS'
const { JavaGenerator } = require('@asyncapi/modelina');

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Clinic',
  type: 'object',
  additionalProperties: false,
  properties: { numbers: { type: 'array', items: { type: 'string' }, default: [] } },
};
(async () => {
  for (const collectionType of ['Array', 'List']) {
    const [clinic] = await new JavaGenerator({ collectionType }).generate(schema);
    console.log(clinic.result.match(/private .*/)[0]);
  }
})();
JS
node make.js > seen 2>&1

cat > expected <<'TEXT'
private String[] numbers = ;
private List<String> numbers = ;
TEXT
cat seen
diff expected seen
