// Types for what sordiff publishes: `node make_models.mjs java|typescript|python SCHEMAS FOLDER`, with @asyncapi/modelina.
// SCHEMAS is what `sordiff schemas export SCHEMAS` wrote. Each type gets a folder: unit.moved becomes unit_moved/UnitMoved.java.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import modelina from '@asyncapi/modelina';

const [language, schemas, folder] = process.argv.slice(2);

// Java has no type for "a text or a list". Modelina takes Object there; Jackson's JsonNode can be asked what it holds.
const usual = modelina.JavaGenerator.defaultOptions.typeMapping;
function nameTree({ dependencyManager }) {
  dependencyManager.addDependency('import com.fasterxml.jackson.databind.JsonNode;');
  return 'JsonNode';
}
function nameUnion(context, members, mapping) {
  if (members?.length === 1) return members[0].type; // "this or null" is this
  const type = mapping(context);
  return type === 'Object' ? nameTree(context) : type;
}
const typeMapping = {
  Any: nameTree,
  Enum: (context) => (usual.Enum(context) === 'Object' ? 'String' : usual.Enum(context)), // null is one of its values
  Reference: (context) => nameUnion(context, context.constrainedModel.ref.union, usual.Reference),
  Tuple(context) {
    context.dependencyManager.addDependency('import java.util.List;');
    return `List<${nameTree(context)}>`;
  },
  Union: (context) => nameUnion(context, context.constrainedModel.union, usual.Union),
};

const generators = {
  java: () => new modelina.JavaFileGenerator({ collectionType: 'List', presets: [modelina.JAVA_JACKSON_PRESET], typeMapping }),
  // By itself it renames fields: unit_type to unitType, and name to reservedName.
  typescript: () => new modelina.TypeScriptFileGenerator({ modelType: 'interface', enumType: 'union', mapType: 'record', rawPropertyNames: true }),
  python: () => new modelina.PythonFileGenerator({ presets: [modelina.PYTHON_PYDANTIC_PRESET] }),
};

for (const file of readdirSync(schemas).filter((name) => name !== 'asyncapi.json')) {
  // Of a default that is a list it makes Java that says `= ;`.
  const schema = JSON.parse(readFileSync(join(schemas, file), 'utf8'), (key, value) => (key === 'default' && Array.isArray(value) ? undefined : value));
  schema.$schema = 'http://json-schema.org/draft-07/schema#'; // it refuses 2020-12, which says the same here
  schema.title = schema.title.replaceAll('.', ' '); // otherwise UnitDotMoved
  const packageName = file.replace('.json', '').replaceAll('.', '_');
  await generators[language]().generateToFiles(schema, join(folder, packageName), { packageName }, true);
}
