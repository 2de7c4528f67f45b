import type { OpenPorts } from '../../lifecycle';

export interface WelcomeFacts {
  readonly ports: OpenPorts;
  readonly devices: number;
  readonly percentage: number;
  readonly holdback: number;
  readonly token: string;
  readonly exampleDevice: string;
}

/** Where to look and what to try. `token: …` stands on a line of its own, for scripts. */
export function welcome({
  ports,
  devices,
  percentage,
  holdback,
  token,
  exampleDevice,
}: WelcomeFacts): string {
  const url = `http://127.0.0.1:${ports.http}`;
  const port = ports.http === 8080 ? '' : `POINTSMAN_HTTP_PORT=${ports.http} `;
  const pointsman = `${port}node dist/cli/main.js`;
  return `
Pointsman demo: ${devices} simulated devices dial in, an application sends them commands, and ${percentage} % of the fleet is
routed to the new transport; ${holdback} % stay on legacy to the end, for comparison.

  console  ${url}/
  API      ${url}/v1/rollout
  pages    ${url}/docs
  metrics  http://127.0.0.1:${ports.metrics}/metrics
  devices  127.0.0.1:${ports.devicesPlain ?? '-'} plain, 127.0.0.1:${ports.devicesTls ?? '-'} TLS

token: ${token}

Try in another terminal (the command line finds the token by itself):
  ${pointsman} status --watch
  ${pointsman} explain ${exampleDevice}
  ${pointsman} set 25 --reason "looks good"
  ${pointsman} rollback --reason "practice"
  ${pointsman} release --reason "practice is over"
  curl -H "Authorization: Bearer ${token}" -H 'Content-Type: application/json' \\
       -d '{"command":"power","on":true}' ${url}/v1/devices/${exampleDevice}/commands

Ctrl-C ends everything.

`;
}
