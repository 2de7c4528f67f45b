import { Readable } from 'node:stream';
import { ControllerEnd } from '../../test/support/controller-end';
import { connectInMemory } from '../../test/support/memory-connect';
import { ManualClock } from '../kernel/manual-clock';
import { Fleet } from '../simulator/fleet';
import { runUntil, simulateCommand, statusText } from './simulate.command';

async function refused(args: readonly string[]): Promise<{ out: string; err: string }> {
  let out = '';
  let err = '';
  const io = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  const command = simulateCommand({ ...io, stdin: Readable.from([]) }).exitOverride();
  await expect(command.parseAsync(args, { from: 'user' })).rejects.toThrow();
  return { out, err };
}

describe('pointsman simulate', () => {
  test('shows an example in its help', async () => {
    const { out } = await refused(['--help']);
    expect(out).toContain('pointsman simulate --devices 1000 --address 10.0.0.5:23779?tls --timing captured');
  });

  test.each([
    [['--devices', '0'], 'from 1 to 100000'],
    [['--devices', '1.5'], 'whole number'],
    [['--address', 'nowhere'], 'host:port or host:port?tls'],
    [['--timing', 'quick'], 'lab, captured'],
    [['--control-port', '65536'], 'from 0 to 65535'],
    [['--unknown'], 'unknown option'],
  ])('refuses %j and says what was wrong', async (args, reason) => {
    expect((await refused(args)).err).toContain(reason);
  });
});

describe('runUntil', () => {
  test('starts the fleet, reports at intervals and at the end, and stops it', async () => {
    const clock = new ManualClock();
    const connect = connectInMemory((duplex) =>
      new ControllerEnd(duplex).send(
        { kind: 'handshake_answer', result: 0 },
        { kind: 'announce', deviceId: 0, messageId: 1, flag: 0 },
      ),
    );
    const fleet = new Fleet({ clock, connect, settings: { size: 3, seed: 1, timing: 'lab' } });
    const lines: string[] = [];
    let stop = (): void => {};
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    const report = () => lines.push(statusText(fleet));
    const run = runUntil(stopped, { fleet, clock, everyMs: 5000, report });
    await clock.advanceAsync(10_000);
    stop();
    await run;
    const line =
      '3 devices, 3 connected, 3 ready; 0 commands (0 new, 0 legacy), 0 executed; ' +
      '0 repeats, 0 of them executed';
    expect(lines).toEqual([line, line, line]);
    expect(fleet.status().connected).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });
});
