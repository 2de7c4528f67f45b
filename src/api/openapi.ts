import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { PROBLEM_TYPE } from './problem';
import { ROUTES } from './openapi-routes';
import type { Route } from './routes/route';
import { problemSchema } from './schemas/problem';
import { revisionNumber } from './schemas/rollout-wishes';
import { deviceId } from './schemas/shared';

type Json = Record<string, unknown>;

const PATH_PARAMETERS = { id: deviceId, revision: revisionNumber } as const;

/** Collects the named schemas on the way and refers to them. */
class Components {
  readonly schemas: Json = {};

  refer(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema: _,
      $defs = {},
      ...rest
    } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & { $defs?: Json };
    const named = withReferences($defs);
    for (const [name, definition] of Object.entries(named)) this.schemas[name] = definition;
    const { id, ...body } = withReferences(rest);
    if (typeof id !== 'string') return body;
    this.schemas[id] = body;
    return { $ref: `#/components/schemas/${id}` };
  }
}

function withReferences(json: Json): Json {
  return JSON.parse(JSON.stringify(json).replaceAll('#/$defs/', '#/components/schemas/')) as Json;
}

/** The HTTP contract as OpenAPI 3.1, from the schemas that requests are really checked with. */
export function openApiDocument(): Json {
  const components = new Components();
  const paths: Record<string, Json> = {};
  for (const route of ROUTES)
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route, components) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pointsman',
      version: '1',
      description: 'Moves a fleet of devices from a legacy transport to a new one.',
    },
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operation(route: Route, components: Components): Json {
  const { summary, description, roles, body } = route;
  const content = contentOf(route, components);
  return {
    tags: [tagOf(route.path)],
    summary,
    description: [
      description,
      roles.length > 0 ? `Roles: ${[...new Set([...roles, 'admin'])].join(', ')}.` : undefined,
    ]
      .filter(Boolean)
      .join(' '),
    parameters: parameters(route, components),
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: components.refer(body, 'input') } },
      },
    }),
    responses: { 200: { description: 'OK', ...(content && { content }) }, ...refusals(route, components) },
    ...(roles.length > 0 && { security: [{ bearer: [] }] }),
  };
}

function contentOf({ answer, mediaType }: Route, components: Components): Json | undefined {
  if (mediaType !== undefined) return { [mediaType]: { schema: { type: 'string' } } };
  return answer && { 'application/json': { schema: components.refer(answer, 'output') } };
}

const TAGS: Readonly<Record<string, string>> = {
  rollout: 'rollout',
  slos: 'objectives',
  traffic: 'objectives',
  me: 'service',
  webhooks: 'alerting',
};

/** The group under which a page shows the call. */
function tagOf(path: string): string {
  const [, version, collection] = path.split('/');
  if (version !== 'v1') return 'service';
  return TAGS[collection ?? ''] ?? 'devices and commands';
}

function parameters({ path, headers = [], query }: Route, components: Components): Json[] {
  const inPath = Object.entries(PATH_PARAMETERS)
    .filter(([name]) => path.includes(`{${name}}`))
    .map(([name, schema]) => ({
      name,
      in: 'path',
      required: true,
      schema: components.refer(schema, 'input'),
    }));
  const inHeader = headers.map((header) => ({ ...header, in: 'header', schema: { type: 'string' } }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    schema: components.refer(schema as z.ZodType, 'input'),
  }));
  return [...inPath, ...inHeader, ...inQuery];
}

function refusals({ roles, body, query, path, refusals: own }: Route, components: Components): Json {
  const checked = body !== undefined || query !== undefined || path.includes('{') ? [400] : [];
  const statuses = [...checked, ...(roles.length > 0 ? [401, 403] : []), ...own].sort(
    (one, other) => one - other,
  );
  const content = { [PROBLEM_TYPE]: { schema: components.refer(problemSchema, 'output') } };
  return Object.fromEntries(
    statuses.map((status) => [status, { description: STATUS_CODES[status], content }]),
  );
}
