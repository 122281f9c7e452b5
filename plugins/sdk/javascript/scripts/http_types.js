// Types of what is asked and answered over HTTP, made from what the server's OpenAPI document says of them: `http_types.json` of the gateway.

/**
 * The part of JSON Schema that the document uses.
 * @typedef {object} HttpSchema
 * @property {string} [$ref]
 * @property {string | string[]} [type]
 * @property {string[]} [enum]
 * @property {HttpSchema} [items]
 * @property {Record<string, HttpSchema>} [properties]
 * @property {HttpSchema | boolean} [additionalProperties]
 * @property {string[]} [required]
 * @property {HttpSchema[]} [oneOf]
 * @property {HttpSchema[]} [allOf]
 * @property {string} [description]
 */
/** @typedef {{ operations: Record<string, { answers: HttpSchema[], body: HttpSchema | null }>, schemas: Record<string, HttpSchema> }} HttpTypes */

/** @param {HttpSchema} schema @param {string} indent @returns {string} */
function typescript(schema, indent) {
  if (schema.$ref) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  if (schema.enum) return schema.enum.map((word) => `'${word}'`).join(' | ');
  if (schema.oneOf) return [...new Set(schema.oneOf.map((one) => typescript(one, indent)))].join(' | ');
  if (schema.allOf) return schema.allOf.map((one) => typescript(one, indent)).join(' & ');
  const kinds = schema.type === undefined ? [] : [schema.type].flat();
  if (!kinds.length && schema.properties === undefined) return 'unknown';
  return (kinds.length ? kinds : ['object']).map((kind) => plain(kind, schema, indent)).join(' | ');
}

/** @param {string} kind @param {HttpSchema} schema @param {string} indent @returns {string} */
function plain(kind, schema, indent) {
  if (kind === 'integer') return 'number';
  if (kind === 'array') return `Array<${typescript(schema.items ?? {}, indent)}>`;
  if (kind !== 'object') return kind;
  if (schema.properties) return record(schema, indent);
  const { additionalProperties: value } = schema;
  return `Record<string, ${typeof value === 'object' ? typescript(value, indent) : 'unknown'}>`;
}

/** @param {HttpSchema} schema @param {string} indent */
function record({ properties = {}, required = [] }, indent) {
  const lines = Object.entries(properties).map(([name, schema]) => {
    const about = schema.description ? `${indent}  /** ${oneLine(schema.description)} */\n` : '';
    return `${about}${indent}  ${name}${required.includes(name) ? '' : '?'}: ${typescript(schema, `${indent}  `)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

/** @param {string} words */
function oneLine(words) {
  return words.replaceAll('*/', '').replace(/\s+/g, ' ').trim();
}

/** @param {string} name @param {HttpSchema} schema */
function declaration(name, schema) {
  const about = schema.description ? `/** ${oneLine(schema.description)} */\n` : '';
  const isRecord = schema.type === 'object' && schema.properties && !schema.allOf && !schema.oneOf;
  return isRecord ? `${about}export interface ${name} ${record(schema, '')}\n` : `${about}export type ${name} = ${typescript(schema, '')};\n`;
}

/** What an operation answers where it is done: one of several, maybe. @param {HttpSchema[]} answers */
function answer(answers) {
  return [...new Set(answers.map((schema) => typescript(schema, '  ')))].join(' | ') || 'unknown';
}

/** @param {HttpTypes} types @param {string} note the first line */
export function httpDeclarations({ operations, schemas }, note) {
  const names = Object.keys(operations).sort();
  const answers = names.map((name) => `  ${name}: ${answer(operations[name].answers)};\n`);
  const bodies = names.flatMap((name) => {
    const { body } = operations[name];
    return body ? [`  ${name}: ${typescript(body, '  ')};\n`] : [];
  });
  return [
    note,
    `/** What is answered, by the operation of the OpenAPI document. */\nexport interface HttpAnswers {\n${answers.join('')}}\n`,
    `/** What is sent. */\nexport interface HttpBodies {\n${bodies.join('')}}\n`,
    ...Object.keys(schemas).sort().map((name) => declaration(name, schemas[name])),
  ].join('\n');
}
