// Makes the tokens of compose.yaml, once, each into the volume of whoever shows it. The server gets hashes alone.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [root = '/run'] = process.argv.slice(2);
const tokensFile = join(root, 'server', 'tokens.yaml');

const HOLDERS = [
  { name: 'compose admin', role: 'admin', file: 'people/admin-token' },
  { name: 'compose viewer', role: 'viewer', file: 'people/viewer-token' },
  { name: 'compose application', role: 'app', file: 'application/token' },
  { name: 'alertmanager', role: 'hook', file: 'alertmanager/pointsman-hook-token' },
];

if (existsSync(tokensFile)) {
  console.log('The tokens are there already.');
} else {
  const entries = HOLDERS.map(({ name, role, file }) => {
    const token = newSecret();
    write(file, token);
    const sha256 = createHash('sha256').update(token).digest('hex');
    return `  - { name: ${name}, role: ${role}, sha256: '${sha256}' }\n`;
  });
  write('grafana/password', newSecret());
  // Last: when it is there, all are.
  write('server/tokens.yaml', `tokens:\n${entries.join('')}`);
  console.log(
    'Tokens are made. The one of the administrator: docker compose run --rm --entrypoint node cli \\',
  );
  console.log(`  -p "fs.readFileSync('/run/people/admin-token', 'utf8')"`);
}

function newSecret() {
  return randomBytes(32).toString('base64url');
}

/** Readable by the users of other containers, and only through the volume that they are given. */
function write(file, text) {
  writeFileSync(join(root, file), text, { mode: 0o444 });
}
