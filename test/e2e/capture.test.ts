import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Program, run } from '../support/program';
import { dial, SocketBench } from '../support/socket-bench';
import { inTemporaryFolder } from '../support/temporary-folder';

const HEARTBEAT = Buffer.from('d300000000', 'hex');

describe('pointsman capture, as a process', () => {
  it('ends at SIGINT with everything written and a summary', () =>
    inTemporaryFolder(async (folder) => {
      const controller = await SocketBench.open();
      const file = join(folder, 'kitchen.jsonl');
      const upstream = `--upstream-host 127.0.0.1 --upstream-port ${controller.port} --upstream-plain`;
      const ports = '--no-tls --listen-port 0 --api-port 0';
      const program = new Program(['capture', ...`${upstream} ${ports}`.split(' '), '--file', file]);
      const [, port] = await program.printed(/devices dial 127\.0\.0\.1:(\d+) \(plain\)/);
      await program.printed(/^token: \S+$/m);
      const arriving = controller.nextAccepted();
      dial(Number(port)).write(HEARTBEAT);
      expect((await once(await arriving, 'data'))[0]).toEqual(HEARTBEAT);
      program.signal('SIGINT');
      const { code, out, err } = await program.end();
      await controller.close();
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('1 packets, 0 malformed');
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ hex: 'd300000000', conn: '1' });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect((await run(['decode', '--output', 'json', file])).out).toContain('"packets": 1');
    }));
});
