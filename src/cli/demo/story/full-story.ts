import { legacyRemovalSchema } from '../../../api/schemas/legacy-removal';
import { BREAKS, climb, darkLaunch, EVIDENCE, RECOVERED, REFUSED, RELEASED, served } from './steps';
import type { Step, Story } from './story';

const SECOND_MS = 1000;

const LADDER = `
stages:
  - name: dark-launch
    percentage: 0
    mirror: 100
    hold: 5s
    gates: [{ kind: mirror, agree: 99, compared: 100 }]
  - name: canary-10
    percentage: 10
    hold: 5s
    gates: [{ kind: evidence, objective: command-success, clean: 40 }]
  - name: canary-25
    percentage: 25
    hold: 6s
    gates: [{ kind: evidence, objective: command-success, clean: 150 }, { kind: coverage, spoken: 90 }]
  - name: canary-50
    percentage: 50
    hold: 6s
    gates: [{ kind: evidence, objective: command-success, clean: 400 }]
  - name: canary-75
    percentage: 75
    hold: 6s
    gates: [{ kind: objective, objective: command-latency }]
  - name: canary-90
    percentage: 90
    hold: 6s
    gates: [{ kind: objective, name: all objectives }, { kind: budget, above: 20 }]
  - name: full
    percentage: 100
    hold: 6s
    gates: [{ kind: objective, name: all objectives }]
  - name: validation
    percentage: 100
    hold: 8s
    resets: [failed_day, critical_pause]
    gates: [{ kind: objective, name: all objectives }, { kind: budget, above: 10 }]
  - name: holdback-released
    percentage: 100
    holdback: 0
    hold: 6s
    gates: [{ kind: objective, name: all objectives }]
  - name: removal-ready
    percentage: 100
`;

/** Asks whether legacy may be removed. In a demonstration the answer cannot be yes, and it says why. */
const MAY_WE: Step = {
  name: 'May legacy be removed?',
  says: 'The top of the ladder is not yet the end. "pointsman legacy" goes through what must be true before the code of the legacy transport is deleted. What it does not know is not a yes.',
  act: async (stagehand) => {
    const { answer, items } = await stagehand.call(
      { method: 'GET', path: '/v1/rollout/legacy-removal' },
      legacyRemovalSchema,
    );
    return [
      `${answer}:`,
      ...items.map((item) => `${item.answer.padEnd(8)} ${item.name}: ${item.finding}`),
    ].join('\n');
  },
  until: ({ rollout }) => rollout.stage.next === null,
  waitsFor: 'the rollout to stand at the end of its ladder',
  boundMs: 10 * SECOND_MS,
};

/** The whole way up with one rollback: about three minutes. */
export const FULL_STORY: Story = {
  name: 'full',
  title: 'The whole way up, with one rollback',
  compressed:
    'Ten weeks are compressed into three minutes: holds are seconds, gates ask for less evidence, and gates that count whole days are left out. Nothing is staged beyond that: server, devices on the wire, objectives, gates and guard are the real ones, and every promotion is the machine’s own.',
  ladder: LADDER,
  devices: 200,
  commandsPerSecond: 100,
  steps: [
    darkLaunch('Dark launch', 'canary-10'),
    climb({ name: 'Ten percent', says: 'The first devices are on the new transport.', to: 'canary-25' }),
    served('Twenty-five percent', 'A quarter of the devices, and 5 % that stay behind for comparison.'),
    BREAKS,
    EVIDENCE,
    RECOVERED,
    REFUSED,
    RELEASED,
    darkLaunch('Once more from the bottom', 'canary-10'),
    climb({
      name: 'Ten percent, generation 3',
      says: 'The same devices go first again: cohorts are nested and stay who they are. What was measured in the old generation counts no more.',
      to: 'canary-25',
    }),
    climb({
      name: 'Twenty-five percent',
      says: 'This time it holds. The gate also wants nine of ten moved devices to have been heard of since they moved: silence is no good news.',
      to: 'canary-50',
    }),
    climb({
      name: 'Half of the fleet',
      says: 'Half of the devices, with the evidence of all before.',
      to: 'canary-75',
    }),
    climb({
      name: 'Three quarters',
      says: 'From here on objectives must pass, which takes as many events as show that their targets are met.',
      to: 'canary-90',
    }),
    climb({
      name: 'Ninety percent',
      says: 'All objectives must pass, and a fifth of the error budget must be left. 2,995 commands without a failure are what it takes to claim 99.9 %.',
      to: 'full',
      boundMs: 90 * SECOND_MS,
    }),
    climb({
      name: 'A hundred percent',
      says: 'Everybody but the 5 % that are held back.',
      to: 'validation',
    }),
    climb({
      name: 'Validation',
      says: 'In earnest thirty days, begun again by every failed day and every critical pause.',
      to: 'holdback-released',
    }),
    climb({
      name: 'The holdback is released',
      says: 'The last 5 % move too, by a step of the ladder and not by accident: from now on there is no control to compare with, and the guard says so.',
      to: 'removal-ready',
    }),
    MAY_WE,
  ],
  moral:
    'The machine has climbed to the top, having gone back once by itself. What remains is a matter of days, people and a rehearsed rollback.',
};
