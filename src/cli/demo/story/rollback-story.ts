import { BREAKS, climb, darkLaunch, EVIDENCE, RECOVERED, REFUSED, RELEASED, served } from './steps';
import type { Story } from './story';

const LADDER = `
stages:
  - name: dark-launch
    percentage: 0
    mirror: 100
    hold: 6s
    gates: [{ kind: mirror, agree: 99, compared: 100 }]
  - name: canary-10
    percentage: 10
    hold: 6s
    gates: [{ kind: evidence, objective: command-success, clean: 40 }]
  - name: canary-25
    percentage: 25
    hold: 1h
    gates: [{ kind: objective, name: all objectives }]
  - name: canary-50
    percentage: 50
`;

/** A ramp, a fault, and what happens then: about a minute. */
export const ROLLBACK_STORY: Story = {
  name: 'rollback',
  title: 'A ramp that breaks, and goes back by itself',
  compressed:
    'Seconds stand for days in its ladder, and its gates ask for little evidence. Everything else is the real thing: server, devices on the wire, gates, guard.',
  ladder: LADDER,
  devices: 200,
  commandsPerSecond: 80,
  steps: [
    darkLaunch('Dark launch: look, do not touch', 'canary-10'),
    climb({
      name: 'Ten percent',
      says: 'The mirror agreed with legacy often enough, so the machine has moved the first tenth of the devices. It goes on when enough of their commands were applied.',
      to: 'canary-25',
    }),
    served(
      'Twenty-five percent',
      'A quarter of the devices is on the new transport; 5 % of all stay on legacy to the end, so that there is always something to compare with.',
    ),
    BREAKS,
    EVIDENCE,
    RECOVERED,
    REFUSED,
    RELEASED,
  ],
  moral:
    'The ramp waits at 0 % for somebody to arm it again ("pointsman resume"). Next time start with "pointsman demo" and break it yourself, or watch "pointsman demo --scenario full" climb to the top.',
};
