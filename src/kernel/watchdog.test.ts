import { once } from 'node:events';
import { compileInto, startChild } from '../../test/support/child-program';
import { inTemporaryFolder } from '../../test/support/temporary-folder';

describe('the watchdog', () => {
  test('ends a process whose loop stands still', () =>
    inTemporaryFolder(async (folder) => {
      compileInto(folder, ['kernel']);
      const child = startChild(folder, `require('./kernel/watchdog').endAtTheLatestIn(100); for (;;);`);
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    }));

  test('does not keep a process that has nothing left to do', () =>
    inTemporaryFolder(async (folder) => {
      compileInto(folder, ['kernel']);
      const child = startChild(folder, `require('./kernel/watchdog').endAtTheLatestIn(3_600_000);`);
      expect(await once(child, 'exit')).toEqual([0, null]);
    }));
});
