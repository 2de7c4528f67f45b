import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/tool';

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
}

const LOCKS = ['package-lock.json', 'bench/package-lock.json', 'console/package-lock.json'];

function locked(file: string): [name: string, entry: Locked][] {
  const { lockfileVersion, packages } = JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as {
    lockfileVersion: number;
    packages: Readonly<Record<string, Locked>>;
  };
  expect(lockfileVersion).toBe(3);
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, entry]) => [path.replace(/^.*node_modules\//, ''), entry]);
}

/** What an installation for production holds. */
const shipped = locked('package-lock.json').filter(([, { dev, optional }]) => !dev && !optional);

/** They permit use, change and sale, and ask for no more than their text and a notice. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Python-2.0',
]);

describe('dependencies', () => {
  test.each(LOCKS)('of %s are each fixed by a strong hash and come from the registry', (file) => {
    const strange = locked(file).filter(
      ([, { integrity, resolved }]) =>
        !/^sha512-[\w+/]{86}==$/.test(integrity ?? '') ||
        (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')),
    );
    expect(strange).toEqual([]);
  });

  test('that are shipped have permissive licences', () => {
    expect(shipped.length).toBeGreaterThan(100);
    expect(shipped.filter(([, { license }]) => !PERMISSIVE.has(license ?? ''))).toEqual([]);
  });

  test('that the page bundles have permissive licences', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'console/package.json'), 'utf8')) as {
      devDependencies: Readonly<Record<string, string>>;
    };
    const bundled = locked('console/package-lock.json').filter(([name]) => name in devDependencies);
    expect(bundled.filter(([, { license }]) => !PERMISSIVE.has(license ?? ''))).toEqual([]);
  });

  test('that are shipped and would run a script at installation, if any were let, are known', () => {
    const names = shipped.filter(([, { hasInstallScript }]) => hasInstallScript).map(([name]) => name);
    expect(names).toEqual(['@scarf/scarf']);
  });

  test('that are shipped are what the bill of materials names', () => {
    const { stdout } = spawnSync(process.execPath, ['scripts/sbom.mjs'], { cwd: ROOT, encoding: 'utf8' });
    const { components } = JSON.parse(stdout) as { components: { purl: string }[] };
    const urls = shipped.map(([name, { version }]) => `pkg:npm/${name.replace('@', '%40')}@${version}`);
    expect([...new Set(components.map(({ purl }) => purl))].sort()).toEqual([...new Set(urls)].sort());
  });
});
