// npm run sbom: what a production installation holds, as CycloneDX, from the lock file. Written to standard output, or to
// a file: npm run sbom -- sbom.json. It names a time and a serial number, so it belongs to a release, not into the tree.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main, npm, Refusal, ROOT } from './lib/process.mjs';

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pointsman-sbom-'));
  try {
    writeProductionPackage(folder);
    const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
    const { code, output } = await npm([...args, '--loglevel=error'], { cwd: folder, capture: true });
    // Some configurations of npm make it speak before it answers.
    const begin = output.indexOf('{');
    if (code !== 0 || begin < 0) throw new Refusal(`npm sbom ended with code ${code}:\n${output}`);
    const sbom = `${JSON.stringify(JSON.parse(output.slice(begin)), undefined, 2)}\n`;
    const [file] = process.argv.slice(2);
    if (file === undefined) process.stdout.write(sbom);
    else writeFileSync(file, sbom);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/**
 * The package as if it had no other dependencies. `npm sbom --omit=dev` would leave out what both production and
 * development use.
 */
function writeProductionPackage(folder) {
  const read = (name) => JSON.parse(readFileSync(join(ROOT, name), 'utf8'));
  const write = (name, content) => writeFileSync(join(folder, name), JSON.stringify(content));
  const lock = read('package-lock.json');
  const shipped = Object.entries(lock.packages).filter(([, { dev, optional }]) => !dev && !optional);
  const packages = Object.fromEntries(shipped);
  packages[''] = production(packages['']);
  write('package.json', production(read('package.json')));
  write('package-lock.json', { ...lock, packages });
}

function production(manifest) {
  return { ...manifest, devDependencies: {}, optionalDependencies: {} };
}
