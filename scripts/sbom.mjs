// npm run sbom: what a production installation holds, as CycloneDX, from the lock file. Written to standard output, or to
// a file: npm run sbom -- sbom.json. It names a time and a serial number, so it belongs to a release, not into the tree.
import { writeFileSync } from 'node:fs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main, npm, Refusal, ROOT } from './lib/process.mjs';

await main(async () => {
  await ensureDependencies();
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
  const { code, output } = await npm([...args, '--omit=dev', '--omit=optional', '--loglevel=error'], {
    cwd: ROOT,
    capture: true,
  });
  // Some configurations of npm make it speak before it answers.
  const begin = output.indexOf('{');
  if (code !== 0 || begin < 0) throw new Refusal(`npm sbom ended with code ${code}:\n${output}`);
  const sbom = `${JSON.stringify(JSON.parse(output.slice(begin)), undefined, 2)}\n`;
  const [file] = process.argv.slice(2);
  if (file === undefined) process.stdout.write(sbom);
  else writeFileSync(file, sbom);
  return 0;
});
