import { packetFact } from '../../test/support/every-fact';
import { ManualClock } from '../kernel/manual-clock';
import type { RecordingSubject } from './live-recording';
import { MirrorRecorder } from './mirror-recorder';

const DEADLINE_MS = 5_000;

class Bench {
  readonly clock = new ManualClock();
  readonly recorder = new MirrorRecorder(this.clock, 16);

  begin(deviceId: string) {
    const startedAt = this.clock.now();
    const subject: RecordingSubject = {
      commandId: 'c1',
      deviceId,
      connection: 1,
      action: { command: 'power', on: true },
      node: 5,
      generation: 1,
      startedAt,
      deadlineAt: startedAt + DEADLINE_MS,
    };
    return this.recorder.begin(subject);
  }

  receipt(deviceId: string): void {
    const raw = new Uint8Array(12);
    this.recorder.see(packetFact({ direction: 'received', deviceId, type: 0x7b, messageId: 0, raw }));
  }

  reply(deviceId: string): void {
    const raw = new Uint8Array(24);
    raw[17] = 0xf9;
    this.recorder.see(packetFact({ direction: 'received', deviceId, type: 0x73, messageId: 9, raw }));
  }
}

describe('the recorder of the mirror', () => {
  it('goes on listening to a command that has its receipt while others begin', () => {
    const bench = new Bench();
    const first = bench.begin('00000001');
    bench.receipt('00000001');
    for (let other = 2; other < 20; other += 1) bench.begin(`000000${other + 10}`);
    bench.reply('00000001');
    expect(first.seal('applied').heard).toHaveLength(2);
  });

  it('keeps the bytes as they were, whatever becomes of the buffer they came in', () => {
    const bench = new Bench();
    const recording = bench.begin('00000001');
    // Sockets read into Buffers, whose own slice() copies nothing.
    const raw = Buffer.alloc(12, 7);
    bench.recorder.see(
      packetFact({ direction: 'received', deviceId: '00000001', type: 0x7b, messageId: 0, raw }),
    );
    raw.fill(0);
    expect([...(recording.seal('timeout').heard[0]?.bytes ?? [])]).toEqual(
      Array.from({ length: 12 }, () => 7),
    );
  });

  it('adds nothing to a recording that is sealed', () => {
    const bench = new Bench();
    const recording = bench.begin('00000001');
    const sealed = recording.seal('timeout');
    bench.receipt('00000001');
    bench.reply('00000001');
    expect(sealed.heard).toEqual([]);
  });

  it('forgets devices whose commands have ended and whose receipts can no longer come', () => {
    const bench = new Bench();
    for (let device = 10; device < 60; device += 1) {
      const recording = bench.begin(`000000${device}`);
      recording.seal('timeout');
      bench.recorder.end(recording);
    }
    expect(bench.recorder.size).toBe(50);
    bench.clock.advance(DEADLINE_MS);
    for (let device = 60; device < 80; device += 1) bench.begin(`000000${device}`);
    expect(bench.recorder.size).toBe(20);
  });
});
