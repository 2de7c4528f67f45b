import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../test/support/tool';
import { ROUTES } from '../../api/openapi-routes';
import { VARIABLES } from '../../config/environment';
import { configSchema } from '../../config/schema';
import { apiPage } from './api-page';
import { configurationPage } from './configuration-page';
import { typeOf } from './json-schema';

const configuration = configurationPage().contentFrom(undefined) ?? '';
const api = apiPage().contentFrom(undefined) ?? '';

/** The rows of all tables, cell by cell. */
function rowsOf(page: string): string[][] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(/(?<!\\)[|]/).map((cell) => cell.trim()));
}

/** Every setting that has a value when nothing is configured, by its path. */
function defaultsOf(value: unknown, path: readonly string[] = []): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path.join('.'), value]];
  const members = Object.entries(value);
  return members.flatMap(([name, inner]) => defaultsOf(inner, [...path, name]));
}

describe('the page of settings', () => {
  const rows = new Map(rowsOf(configuration).map(([, name = '', ...rest]) => [name, rest]));

  test('has each setting with the default that a start without a configuration takes', () => {
    for (const [path, value] of defaultsOf(configSchema.parse({}))) {
      const text = typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
      expect([path, rows.get(`\`${path}\``)?.[1]]).toEqual([path, `\`${text}\``]);
    }
  });

  test('says of each what it means, and which variable goes before it', () => {
    const silent = [...rows].filter(([, [, , meaning]]) => meaning === '');
    expect(silent.map(([name]) => name)).toEqual([]);
    for (const { name, path } of VARIABLES)
      expect(rows.get(`\`${path.join('.')}\``)?.[2]).toContain(`Variable: \`${name}\`.`);
  });

  test('says the rule where a type alone does not', () => {
    expect(rows.get('`rollout.holdback`')?.[0]).toMatch(/^a percentage .*three decimals$/);
    expect(rows.get('`store.url`')?.[0]).toMatch(/^an address such as rediss:/);
    expect(rows.get('`store.sentinel.nodes`')?.[0]).toBe('list; each host:port');
    expect(rows.get('`notify.receivers[].name`')?.slice(0, 2)).toEqual([
      'up to 64 letters, digits, blanks, dots, dashes and underscores',
      'needed',
    ]);
  });
});

describe('the page of the API', () => {
  test.each(ROUTES.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    'has %s with who may call it',
    (name, { roles }) => {
      const [, rest = ''] = api.split(`### ${name}\n`);
      const [section = ''] = rest.split('\n#');
      for (const role of roles) expect(section).toMatch(new RegExp(`Roles: .*\\b${role}\\b`));
    },
  );

  test('explains each code that anything in the API refuses with', () => {
    const codes = new Set(rowsOf(api).map(([, code = '']) => code));
    const files = readdirSync(join(ROOT, 'src/api'), { recursive: true, encoding: 'utf8' });
    const used = files
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => readFileSync(join(ROOT, 'src/api', file), 'utf8'))
      .flatMap((text) => [...text.matchAll(/new Refusal\(\s*\d+,\s*'([^']+)'/g)])
      .map(([, code = '']) => code);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((code) => !codes.has(`\`${code}\``))).toEqual([]);
  });
});

describe('a type in words', () => {
  test.each([
    [{ type: 'integer', minimum: 0, maximum: 65_535 }, 'whole number, 0 to 65 535'],
    [{ type: 'number', minimum: 0.5 }, 'number, 0.5 or more'],
    [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'whole number or `null`'],
    [{ type: ['string', 'null'] }, 'text or `null`'],
    [{ enum: ['a', 'b'] }, '`a`, `b`'],
    [{ type: 'array', items: { type: 'string' }, maxItems: 3 }, 'list of text (at most 3)'],
    [{ type: 'object', additionalProperties: { type: 'boolean' } }, 'map to true or false'],
    [{ $ref: '#/components/schemas/Gate' }, '[Gate](#gate)'],
    [{}, 'anything'],
  ])('of %j is %s', (schema, words) => {
    expect(typeOf(schema)).toBe(words);
  });
});
