import { compileInto, readLines, startChild } from '../../test/support/child-program';
import { inTemporaryFolder } from '../../test/support/temporary-folder';

/** Logs to a real descriptor and then dies without ceremony: what was logged must be out by then. */
const PROGRAM = `
  const { createLogger, logFacts } = require('./telemetry/logger');
  const { ManualClock } = require('./kernel/manual-clock');
  const clock = new ManualClock();
  clock.advance(1500);
  const observe = logFacts(createLogger('info', clock, process.argv[2]), () => '');
  for (const deviceId of ['37962469', '2de4b5d2', '00000001']) observe({ kind: 'announce_unanswered', deviceId });
  observe({ kind: 'message_ids_wrapped' });
  process.kill(process.pid, 'SIGKILL');
`;

function runProgram(stream: 'stdout' | 'stderr'): Promise<{ stdout: string; stderr: string }> {
  return inTemporaryFolder(async (folder) => {
    compileInto(folder, ['kernel', 'telemetry']);
    const lines: string[] = [];
    const stderr = await readLines(startChild(folder, PROGRAM, [stream]), (line) => lines.push(line));
    return { stdout: lines.join('\n'), stderr: stderr.trimEnd() };
  });
}

describe('createLogger', () => {
  test.each(['stdout', 'stderr'] as const)(
    'writes one JSON object a line to %s at once, with the time of the clock and the level by name',
    async (stream) => {
      const written = await runProgram(stream);
      const common = { level: 'warn', ts: '2026-01-01T00:00:01.500Z', event: 'announce_unanswered' };
      const lines = written[stream].split('\n').map((line): unknown => JSON.parse(line));
      expect(lines).toEqual(['37962469', '2de4b5d2', '00000001'].map((id) => ({ ...common, device_id: id })));
      expect(written[stream === 'stdout' ? 'stderr' : 'stdout']).toBe('');
    },
  );
});
