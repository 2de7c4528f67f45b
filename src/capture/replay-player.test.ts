import { ControllerEnd } from '../../test/support/controller-end';
import { ManualClock } from '../kernel/manual-clock';
import { MemoryDuplex } from '../link/memory-duplex';
import { PacketPort } from './packet-port';
import { ReplayPlayer, type PlayedScript, type PlayerParts } from './replay-player';
import { isFaithful, replayReport, type ReplayReport } from './replay-report';
import { ReplayScripts, type ReplayRole } from './replay-script';

const ID = '37962469';
const LOGIN = `230000001a03${ID}0010316530373030303030303030303030300000 3c`.replace(' ', '');
const ON = (id: string, sequence: string): string =>
  `730000001f${ID}${id}007e${sequence}f8d00d00210000000005 00d011020100 00e77e`.replaceAll(' ', '');
const APPLIED = (sequence: string): string => `7300000013${ID}0000007e${sequence}f9d0010000d17e`;
const REFUSED = (sequence: string): string => `7300000013${ID}0000007e${sequence}f9d0010001d27e`;
const RECEIPT = (id: string): string => `7b00000007${ID}${id}00`;

/** Second, who speaks (`>` the device), bytes. */
type Line = readonly [second: number, speaker: '>' | '<', hex: string];

const CAPTURE: readonly Line[] = [
  [0, '>', LOGIN],
  [1, '<', '28000000020000'],
  [2, '<', ON('0001', '21000000')],
  [3, '>', RECEIPT('0001')],
  [5, '>', APPLIED('21000000')],
  [10, '>', 'd300000000'],
  [11, '<', 'd800000000'],
];

async function bench(role: ReplayRole, options: Partial<PlayerParts> = {}, capture = CAPTURE) {
  const scripts = new ReplayScripts();
  await scripts.addFile('file', readsOf(capture));
  const [script] = scripts.scripts(role);
  if (!script) throw new Error('no script');
  const clock = new ManualClock();
  const [own, other] = MemoryDuplex.pair();
  const peer = new ControllerEnd(other);
  const port = new PacketPort(own, { packet: () => {}, drained: () => {}, closed: () => {} });
  const player = new ReplayPlayer({
    script,
    role,
    port,
    clock,
    speed: 1,
    answerTimeoutMs: 5000,
    lingerMs: 0,
    ...options,
  });
  port.handOver(player);
  let played: PlayedScript | undefined;
  void player.play().then((result) => (played = result));
  await clock.advanceAsync(0);
  const report = (): ReplayReport | undefined =>
    played && replayReport({ played: [played], connections: 1, unreachable: 0, unexpected: 0 });
  return { clock, peer, report };
}

async function* readsOf(capture: readonly Line[]) {
  for (const [second, speaker, hex] of capture) {
    const ts = new Date(second * 1000).toISOString();
    const dir = speaker === '>' ? ('dev_to_cloud' as const) : ('cloud_to_dev' as const);
    yield await Promise.resolve({ ts, dir, conn: '1', bytes: Uint8Array.from(Buffer.from(hex, 'hex')) });
  }
}

describe('a capture played as a device', () => {
  it('says at its time what the device said, and nothing that only answered', async () => {
    const { clock, peer } = await bench('devices');
    expect(peer.hex).toEqual([LOGIN]);
    peer.sendHex('28000000020000');
    await clock.advanceAsync(9_999);
    expect(peer.kinds()).toEqual(['handshake']);
    await clock.advanceAsync(1);
    expect(peer.kinds()).toEqual(['handshake', 'heartbeat']);
  });

  it('waits for the answer to its login before it says more, at any speed', async () => {
    const { clock, peer } = await bench('devices', { speed: Infinity });
    await clock.advanceAsync(4_999);
    expect(peer.kinds()).toEqual(['handshake']);
    peer.sendHex('28000000020000');
    await clock.advanceAsync(0);
    expect(peer.kinds()).toEqual(['handshake', 'heartbeat']);
  });

  it('goes on without an answer that does not come, and counts it', async () => {
    const { clock, peer, report } = await bench('devices', { speed: Infinity });
    await clock.advanceAsync(5_000);
    expect(peer.kinds()).toEqual(['handshake', 'heartbeat']);
    await clock.advanceAsync(5_000);
    expect(report()?.answers).toEqual({
      '0x23→0x28': { captured: 1, now: 0 },
      '0xD3→0xD8': { captured: 1, now: 0 },
    });
    expect(isFaithful(report() as ReplayReport)).toBe(false);
  });

  it('answers a command as the device did, after the same time, with the numbers of the new one', async () => {
    const { clock, peer } = await bench('devices', { speed: 2 });
    peer.sendHex('28000000020000');
    peer.sendHex(ON('0777', '99000000'));
    await clock.advanceAsync(500);
    expect(peer.hex.slice(1)).toEqual([RECEIPT('0777')]);
    await clock.advanceAsync(1_000);
    expect(peer.hex.slice(2)).toEqual([APPLIED('99000000')]);
  });

  it('leaves unanswered what the capture has no answer for, and counts it', async () => {
    const { clock, peer, report } = await bench('devices', { speed: Infinity });
    const off = ON('0001', '21000000').replace('d01102010000e7', 'd01102000000e6');
    peer.sendHex(`28000000020000${off}`);
    await clock.advanceAsync(0);
    peer.sendHex('d800000000');
    await clock.advanceAsync(0);
    expect(peer.kinds()).toEqual(['handshake', 'heartbeat']);
    expect(report()).toMatchObject({ unknownRequests: 1, answeredCommands: 0 });
  });

  it('ends with the connection, says what it did not reach, and leaves no timer', async () => {
    const { clock, peer, report } = await bench('devices');
    peer.sendHex('28000000020000');
    await clock.advanceAsync(1_000);
    peer.close();
    await clock.advanceAsync(0);
    expect(report()).toMatchObject({ sent: 1, unplayedSteps: 2 });
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a capture played as the controller', () => {
  async function played(replies: (peer: ControllerEnd) => void): Promise<ReplayReport | undefined> {
    const { clock, peer, report } = await bench('controller', { speed: Infinity });
    peer.sendHex(LOGIN);
    await clock.advanceAsync(0);
    replies(peer);
    await clock.advanceAsync(20_000);
    return report();
  }

  it('answers the login and sends the commands of the capture', async () => {
    const { clock, peer } = await bench('controller');
    peer.sendHex(LOGIN);
    await clock.advanceAsync(1_000);
    expect(peer.hex).toEqual(['28000000020000']);
    await clock.advanceAsync(1_000);
    expect(peer.hex.slice(1)).toEqual([ON('0001', '21000000')]);
  });

  it('finds the same receipts when the device does the same', async () => {
    const report = await played((peer) => peer.sendHex(`${RECEIPT('0001')}${APPLIED('21000000')}`));
    expect(report?.commands).toEqual({ same: 1, different: 0, missing: 0, extra: 0 });
    expect(isFaithful(report as ReplayReport)).toBe(true);
  });

  it.each([
    ['another status', `${RECEIPT('0001')}${REFUSED('21000000')}`, 'different'],
    ['no reply', RECEIPT('0001'), 'missing'],
    ['no receipt', APPLIED('21000000'), 'missing'],
  ])('tells %s from the captured answer', async (_what, hex, verdict) => {
    const report = await played((peer) => peer.sendHex(hex));
    expect(report?.commands).toMatchObject({ same: 0, [verdict]: 1 });
    expect(isFaithful(report as ReplayReport)).toBe(false);
  });

  it('gives a device today’s clock, not the captured one', async () => {
    const capture: Line[] = [
      [0, '>', LOGIN],
      [1, '>', 'c3000000010c'],
      [2, '<', 'c80000000b0d07e8030b02010e16fe0c'],
    ];
    const { clock, peer } = await bench('controller', { speed: Infinity, lingerMs: 1000 }, capture);
    peer.sendHex('c3000000010c');
    await clock.advanceAsync(0);
    expect(peer.all('clock_answer').map(({ year }) => year)).toEqual([2026]);
  });
});

describe('what cannot be replayed', () => {
  it('is a capture of several devices that does not tell connections apart', async () => {
    const scripts = new ReplayScripts();
    async function* reads() {
      for (let turn = 0; turn < 2; turn += 1)
        yield await Promise.resolve({
          ts: '',
          dir: 'dev_to_cloud' as const,
          conn: '',
          bytes: Uint8Array.from(Buffer.from(LOGIN, 'hex')),
        });
    }
    await expect(scripts.addFile('house', reads())).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining('does not tell connections apart'),
    });
  });
});
