import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTokens } from '../../src/api/token-file';
import { configurationFaults } from '../../src/cli/configuration-faults';
import { readChaosFile } from '../../src/simulator/chaos-file';
import { ROOT } from '../support/tool';

const FOLDER = 'docs/examples';
/** What configurations name, and what is given to a server beside one. */
const OTHERS = ['ladder.yaml', 'objectives.yaml', 'tokens.yaml'];
const CONFIGURATIONS = [
  ...readdirSync(join(ROOT, FOLDER))
    .filter((name) => !OTHERS.includes(name))
    .map((name) => `${FOLDER}/${name}`),
  'deploy/compose/pointsman.yaml',
];

describe('the examples', () => {
  test.each(CONFIGURATIONS)('%s is a configuration with which nothing is wrong', (file) => {
    expect(configurationFaults({ file: join(ROOT, file), environment: {}, fleet: undefined })).toEqual([]);
  });

  test('have a ladder that the fleet which it is written for can climb, and a smaller one cannot', () => {
    const faults = (commandsPerSecond: number) =>
      configurationFaults({
        file: join(ROOT, FOLDER, 'replicas.yaml'),
        environment: {},
        fleet: { devices: 500, commandsPerSecond },
      });
    expect(faults(1)).toEqual([]);
    expect(faults(0.001)).not.toEqual([]);
  });

  test('have tokens of every role', () => {
    const roles = readTokens(join(ROOT, FOLDER, 'tokens.yaml')).map(({ role }) => role);
    expect(roles.sort()).toEqual(['admin', 'app', 'hook', 'operator', 'viewer']);
  });

  test.each(['none', 'broken'])('have the chaos %s, which simulated devices take', (name) => {
    const { chaos } = readChaosFile(join(ROOT, 'deploy/compose/chaos', `${name}.yaml`));
    expect(chaos.partition).toBe(name === 'none' ? 'none' : 'to_device');
  });
});
