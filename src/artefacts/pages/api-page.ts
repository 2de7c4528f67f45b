import { openApiDocument } from '../../api/openapi';
import { GENERATED, wholeFile, type Artefact } from '../artefact';
import { markdownTable } from '../markdown-table';
import { code, typeOf, type JsonSchema } from './json-schema';
import { refusalCodes } from './refusal-codes';

interface Content {
  readonly schema: JsonSchema;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema: JsonSchema;
}

interface Operation {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}

interface Call extends Operation {
  readonly name: string;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** The reference of the HTTP API, from the document that the server itself gives out. */
export function apiPage(): Artefact {
  const document = openApiDocument() as unknown as Document;
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, call]) => ({ ...call, name: `${method.toUpperCase()} ${path}` })),
  );
  const tags = [...new Set(calls.map(tagOf))];
  const schemas = Object.entries(document.components.schemas).sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  return wholeFile(
    'docs/api.md',
    [
      INTRODUCTION,
      ...tags.flatMap((tag) => [
        `## ${capital(tag)}`,
        ...calls.filter((call) => tagOf(call) === tag).flatMap(callSection),
      ]),
      '## Codes of refusals',
      codeTable(),
      '## Documents',
      DOCUMENTS,
      ...schemas.flatMap(([name, schema]) => [`### ${name}`, ...schemaParts(schema)]),
    ]
      .join('\n\n')
      .concat('\n'),
  );
}

/** The same contract for programs. */
export function openApiFile(): Artefact {
  return wholeFile('docs/openapi.json', `${JSON.stringify(openApiDocument(), null, 2)}\n`);
}

const INTRODUCTION = `<!-- ${GENERATED} -->

# HTTP API

Port 8080. The server gives out the same contract at \`GET /openapi.json\` and, for people, at \`GET /docs\`;
[openapi.json](openapi.json) is a copy. [operations.md](operations.md#steering-and-following-the-rollout) says what holds for
all changes of the rollout, [security.md](security.md) who may call.

Every call but those without roles wants \`Authorization: Bearer <token>\`. Bodies are \`application/json\`, fields that are not
listed are refused. A refusal is a problem document (RFC 9457, \`application/problem+json\`): its \`code\` is one of
[these](#codes-of-refusals), its \`detail\` says what was wrong and, where there is one, the way out.`;

const DOCUMENTS = `What bodies and answers hold. A field with a dot stands inside the one before the dot; \`[]\` is each of a list. Where
nothing stands under _if absent_, a body must have the field, and an answer always has it.`;

function tagOf({ tags }: Call): string {
  return tags[0] ?? '';
}

function callSection({ name, summary, description, parameters, requestBody, responses }: Call): string[] {
  const refusals = Object.keys(responses).filter((status) => status !== '200');
  const body = requestBody && firstOf(requestBody.content);
  return [
    `### ${name}`,
    [`${summary}.`, ...(description ? [description] : [])].join(' '),
    [
      ...parameters.map(parameterLine),
      ...(body ? [`- Body: ${typeOf(body)}`] : []),
      `- Answer: ${answerOf(responses)}`,
      ...(refusals.length > 0 ? [`- Refused with: ${refusals.join(', ')}`] : []),
    ].join('\n'),
  ];
}

function parameterLine({ name, in: place, description, schema }: Parameter): string {
  const text = description ?? schema.description;
  return `- ${code(name)} (${place}): ${text ?? typeOf(schema)}`;
}

function answerOf(responses: Operation['responses']): string {
  const content = responses['200']?.content;
  if (!content) return 'JSON';
  const [type = ''] = Object.keys(content);
  const schema = firstOf(content);
  return type === 'application/json' && schema ? describe(schema) : code(type);
}

/** Small answers have no name, and are said where they stand. */
function describe(schema: JsonSchema): string {
  const fields = Object.entries(schema.properties ?? {});
  if (schema.$ref !== undefined || fields.length === 0) return typeOf(schema);
  return fields.map(([name, inner]) => `${code(name)}: ${typeOf(inner)}`).join('; ');
}

function firstOf(content: Readonly<Record<string, Content>>): JsonSchema | undefined {
  return Object.values(content)[0]?.schema;
}

function schemaParts(schema: JsonSchema): string[] {
  const about = schema.description === undefined ? [] : [`${schema.description}.`];
  const variants = schema.oneOf;
  if (variants) return [...about, 'One of:', ...variants.map((variant) => fieldTable(variant))];
  if (schema.properties) return [...about, fieldTable(schema)];
  return [...about, `${capital(typeOf(schema))}${schema.pattern ? `, as in ${code(schema.pattern)}` : ''}.`];
}

function fieldTable(schema: JsonSchema): string {
  return markdownTable(['field', 'what it is', 'if absent', 'meaning'], fieldsOf('', schema));
}

function fieldsOf(before: string, { properties = {}, required = [] }: JsonSchema): string[][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${before}${name}`;
    const value = schema.default === undefined ? '' : code(schema.default);
    const absent = required.includes(name) ? value : value || 'nothing';
    const own = [code(path), typeOf(schema), absent, sentence(schema.description ?? '')];
    return [own, ...inside(path, schema)];
  });
}

/** The fields of what stands inside, where it has no name of its own. */
function inside(path: string, schema: JsonSchema): string[][] {
  if (schema.properties) return fieldsOf(`${path}.`, schema);
  if (schema.items?.properties) return fieldsOf(`${path}[].`, schema.items);
  const either = schema.anyOf?.find(({ properties }) => properties !== undefined);
  return either ? fieldsOf(`${path}.`, either) : [];
}

function codeTable(): string {
  const rows = refusalCodes().map(({ code: name, status, meaning }) => [
    code(name),
    String(status),
    `${capital(meaning)}.`,
  ]);
  return markdownTable(['code', 'status', 'meaning'], rows);
}

function sentence(text: string): string {
  return /^$|[.…]$/.test(text) ? text : `${text}.`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
