// Redis, Prometheus and Alertmanager of one run, with the rules and the configuration of alerts/.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ALERTS = fileURLToPath(new URL('../../alerts/', import.meta.url));

/** Ends with the benchmark, however that ends: a shell kills the server when its own input closes. */
const KEEPER = '"$@" & child=$!; read -r _; kill -9 $child 2>/dev/null; wait $child 2>/dev/null';

export class AlertServers {
  #folder = mkdtempSync(join(tmpdir(), 'pointsman-bench-'));
  #keepers = [];

  /** @returns {string} a file below the folder of this run */
  file(name, text) {
    const path = join(this.#folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** @param {number} port */
  async redis(port) {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', this.#folder];
    await this.#start(['redis-server', ...args], /Ready to accept connections/);
  }

  /** @param {number} port @param {{ url: string, token: string }} hook */
  async alertmanager(port, { url, token }) {
    const config = readFileSync(join(ALERTS, 'alertmanager.yaml'), 'utf8')
      .replaceAll('http://pointsman:8080', url)
      .replaceAll('/etc/alertmanager/pointsman-hook-token', this.file('hook-token', token));
    await this.#start(
      [
        alertmanagerProgram(),
        `--config.file=${this.file('alertmanager.yaml', config)}`,
        `--storage.path=${join(this.#folder, 'alertmanager')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ],
      /msg="Listening on"/,
    );
  }

  /** @param {number} port @param {{ metrics: number, alertmanager: number, scrape: string }} about */
  async prometheus(port, { metrics, alertmanager, scrape }) {
    const at = (target) => [{ targets: [`127.0.0.1:${target}`] }];
    const config = {
      global: { scrape_interval: scrape, evaluation_interval: '5s' },
      rule_files: [join(ALERTS, '*.rules.yaml')],
      alerting: { alertmanagers: [{ static_configs: at(alertmanager) }] },
      scrape_configs: [{ job_name: 'pointsman', static_configs: at(metrics) }],
    };
    await this.#start(
      [
        'prometheus',
        `--config.file=${this.file('prometheus.yml', JSON.stringify(config))}`,
        `--storage.tsdb.path=${join(this.#folder, 'prometheus')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      /Server is ready to receive web requests/,
    );
  }

  async close() {
    for (const keeper of this.#keepers.splice(0)) {
      const closed = once(keeper, 'close');
      keeper.stdin.end();
      await closed;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #start(command, ready) {
    const keeper = spawn('sh', ['-c', KEEPER, 'keeper', ...command], { cwd: this.#folder });
    this.#keepers.push(keeper);
    return new Promise((resolve, reject) => {
      let output = '';
      const see = (text) => {
        output += text;
        if (ready.test(output)) resolve();
      };
      for (const stream of [keeper.stdout, keeper.stderr]) stream.setEncoding('utf8').on('data', see);
      keeper.once('close', () => reject(new Error(`${command[0]} did not start: ${output}`)));
    });
  }
}

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function alertmanagerProgram() {
  const names = 'command -v prometheus-alertmanager || command -v alertmanager';
  return execFileSync('sh', ['-c', names], { encoding: 'utf8' }).trim();
}
