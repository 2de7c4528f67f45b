import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startApplication } from '../support/application';
import { RecordedFacts } from '../support/recorded-facts';
import { inTemporaryFolder } from '../support/temporary-folder';

const HASTY = `
stages:
  - { name: dark, percentage: 0 }
  - name: canary
    percentage: 20
    hold: 1m
    gates: [{ kind: objective, objective: command-success }]
  - { name: half, percentage: 40 }
`;

describe('a server that starts with a ladder', () => {
  const warningsWith = async (settings: Record<string, unknown>) => {
    const facts = new RecordedFacts();
    const application = await startApplication({ settings, observers: [facts.observe] });
    await application.stop();
    return facts.of('ladder_warning');
  };

  it('that can work has nothing to say of it', async () => {
    expect(await warningsWith({})).toEqual([]);
  });

  it('that can never work as it is meant says what pointsman check says, and serves all the same', async () => {
    await inTemporaryFolder(async (folder) => {
      const ladderFile = join(folder, 'ladder.yaml');
      await writeFile(ladderFile, HASTY);
      expect(await warningsWith({ rollout: { ladderFile } })).toEqual([
        expect.objectContaining({ rule: 'hold-shorter-than-window', where: 'stages.1.hold' }),
      ]);
    });
  });
});
