import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';

/** What a figure depends on beside the code. */
export function machine() {
  const processors = cpus();
  return {
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    loadBefore: Math.round(loadavg()[0] * 100) / 100,
    commit: git('rev-parse', '--short=12', 'HEAD'),
    uncommitted: git('status', '--porcelain', '--', 'src', 'package-lock.json') !== '',
  };
}

function git(...args) {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
