import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../support/program';
import { inTemporaryFolder } from '../support/temporary-folder';

test('pointsman generate writes a folder from which check finds one edited file, by name', async () => {
  await inTemporaryFolder(async (folder) => {
    const written = await run(['generate', '--out', folder]);
    expect({ code: written.code, err: written.err }).toEqual({ code: 0, err: '' });
    expect(written.out).toContain('alerts/rollback.rules.yaml\n');
    expect(existsSync(join(folder, 'dashboards/pointsman-overview.json'))).toBe(true);

    appendFileSync(join(folder, 'alerts/rollback.rules.yaml'), '# by hand\n');
    const checked = await run(['generate', '--check', '--out', folder]);
    expect(checked.code).toBe(1);
    expect(checked.err).toContain('alerts/rollback.rules.yaml differs from what is generated\n');
    expect(checked.err).not.toContain('dashboards/');
  });
});

test('pointsman generate --check has nothing to say about what is committed', async () => {
  expect(await run(['generate', '--check'])).toEqual({ code: 0, out: '', err: '' });
});
