import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readChaosFile } from './chaos-file';
import { chaosSchema } from './chaos-schema';
import { CALM } from './chaos-settings';

describe('a file of chaos', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pointsman-chaos-file-'));
  const file = join(folder, 'chaos.yaml');

  afterAll(() => rmSync(folder, { recursive: true }));

  function read(text: string) {
    writeFileSync(file, text);
    return readChaosFile(file);
  }

  it('holds what goes wrong at once and what is done later', () => {
    const { chaos, script } = read(`
chaos:
  only: new
  toDevice: { types: [data], loss: { rate: 0.2 } }
script:
  - { atMs: 1000, apply: { kind: power_cycle, device: 0000001f } }
  - { atMs: 2000, apply: { kind: chaos, settings: { partition: both } } }
`);
    expect(chaos).toMatchObject({
      only: 'new',
      toDevice: { types: ['data'], loss: { rate: 0.2, pattern: [] } },
    });
    expect(chaos.fromDevice).toMatchObject({ loss: { rate: 0 } });
    expect(script).toMatchObject([
      { atMs: 1000, apply: { kind: 'power_cycle', device: '0000001f' } },
      { atMs: 2000, apply: { kind: 'chaos', settings: { partition: 'both', only: 'all' } } },
    ]);
  });

  it('may be empty: then nothing goes wrong', () => {
    const { chaos, script } = read('');
    expect(chaos).toMatchObject({ only: CALM.only, partition: CALM.partition });
    expect(script).toEqual([]);
  });

  it('is refused with all its faults at once', () => {
    const text = 'chaos: { toDevice: { loss: { rate: 2 } }, fromDevice: { types: [sneeze] } }\nmore: 1';
    expect(() => read(text)).toThrow(/chaos\.toDevice\.loss\.rate.*chaos\.fromDevice\.types\.0.*more/);
  });

  it.each([
    ['is no YAML', 'chaos: [', 'chaos.yaml holds no chaos'],
    [
      'names no device',
      'script: [{ atMs: 1, apply: { kind: drop, device: NOBODY } }]',
      'eight lower-case hex digits',
    ],
  ])('is refused when it %s', (_what, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('that is missing is named', () => {
    expect(() => readChaosFile(join(folder, 'missing.yaml'))).toThrow(/missing\.yaml.*ENOENT/);
  });
});

describe('chaos from outside', () => {
  it('does nothing where it says nothing', () => {
    const { toDevice, answers, ...rest } = chaosSchema.parse({});
    expect(rest).toMatchObject({ only: 'all', partition: 'none' });
    expect([
      toDevice.latency.ms,
      toDevice.loss.rate,
      toDevice.duplicates.rate,
      toDevice.reordering.rate,
    ]).toEqual([0, 0, 0, 0]);
    expect([toDevice.corruption.rate, toDevice.cuts.rate, answers.refusals.rate]).toEqual([0, 0, 0]);
  });
});
