import { failed, type ControlAnswer, type ControlRequest } from '../kernel/control-server';
import type { Fleet } from './fleet';
import { addChaos, noChaos } from './chaos';
import { chaosSchema } from './chaos-schema';
import { applyAction, type ChaosAction } from './chaos-script';
import { faultOf } from './chaos-file';
import type { SimulatedDevice } from './simulated-device';

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (fleet: Fleet, request: ControlRequest, deviceId: string | undefined) => ControlAnswer;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

const DEVICE = '/devices/([^/]+)';

const ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/status$/, answer: (fleet) => ok(statusOf(fleet)) },
  { method: 'GET', path: /^\/devices$/, answer: (fleet, { query }) => listed(fleet, query) },
  { method: 'GET', path: route(''), answer: (fleet, _, id) => shown(fleet, id) },
  { method: 'PUT', path: /^\/chaos$/, answer: (fleet, { body }) => changed(fleet, body, undefined) },
  { method: 'PUT', path: route('/chaos'), answer: (fleet, { body }, id) => changed(fleet, body, id) },
  {
    method: 'POST',
    path: route('/power-cycle'),
    answer: (fleet, _, device) => done(fleet, { kind: 'power_cycle', device }),
  },
  {
    method: 'POST',
    path: route('/drop'),
    answer: (fleet, _, device) => done(fleet, { kind: 'drop', device }),
  },
];

/** What a fleet answers to a request of its control port. */
export function controlAnswer(fleet: Fleet, request: ControlRequest): ControlAnswer {
  const known = ROUTES.filter(({ path }) => path.test(request.path));
  const chosen = known.find(({ method }) => method === request.method);
  if (!chosen) return failed(known.length > 0 ? 405 : 404, `there is no ${request.method} ${request.path}`);
  return chosen.answer(fleet, request, chosen.path.exec(request.path)?.[1]);
}

function route(end: string): RegExp {
  return new RegExp(`^${DEVICE}${end}$`);
}

function ok(body: unknown): ControlAnswer {
  return { status: 200, body };
}

function statusOf(fleet: Fleet): unknown {
  const chaos = noChaos();
  for (const device of fleet.devices) addChaos(chaos, device.chaos.tally);
  return {
    ...fleet.status(),
    commands: fleet.totals(),
    chaos,
    executionFaults: fleet.executionFaults().slice(0, MAX_LIMIT),
  };
}

function listed(fleet: Fleet, query: URLSearchParams): ControlAnswer {
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    return failed(400, `limit must be a whole number from 1 to ${MAX_LIMIT}`);
  const after = query.get('after') ?? '';
  const behind = fleet.devices
    .filter(({ id }) => id > after)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  return ok({ devices: behind.slice(0, limit).map(viewOf) });
}

function viewOf({ id, family, isConnected, isReady, nodes, record, chaos }: SimulatedDevice): unknown {
  return {
    id,
    family: family.name,
    connected: isConnected,
    ready: isReady,
    nodes,
    commands: record.totals,
    chaos: { settings: chaos.settings, done: chaos.tally },
  };
}

function shown(fleet: Fleet, id = ''): ControlAnswer {
  const device = fleet.device(id);
  return device ? ok(viewOf(device)) : unknownDevice(id);
}

function changed(fleet: Fleet, body: unknown, device: string | undefined): ControlAnswer {
  const parsed = chaosSchema.safeParse(body);
  if (!parsed.success) return failed(400, parsed.error.issues.map(faultOf).join('; '));
  return done(fleet, { kind: 'chaos', device, settings: parsed.data });
}

function done(fleet: Fleet, action: ChaosAction): ControlAnswer {
  const devices = applyAction(fleet, action);
  return devices > 0 ? ok({ devices }) : unknownDevice(action.device);
}

function unknownDevice(id = ''): ControlAnswer {
  return failed(404, `no device of this fleet has the id ${id}`);
}
