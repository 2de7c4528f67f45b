import { z } from 'zod';
import type { Clock } from '../kernel/clock';
import { failed, type ControlAnswer, type ControlRequest } from '../kernel/control-server';
import { randomInteger, type Random } from '../kernel/random';
import { fromHex } from '../protocol/hex';
import { ARROWS } from './capture-format';
import type { Interceptor } from './interceptor';
import type { Direction } from './live-read';
import type { Recorder } from './recorder';

export interface CaptureControlParts {
  readonly interceptor: Interceptor;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly captureFile: string;
  readonly mode: string;
}

const MAX_INJECTION_BYTES = 4101;
const MAX_LABEL = 100;

/** The programme's words for the directions, and the ones of the capture files. */
const DIRECTIONS: Readonly<Record<string, Direction>> = {
  [ARROWS.dev_to_cloud]: 'dev_to_cloud',
  [ARROWS.cloud_to_dev]: 'cloud_to_dev',
  dev_to_cloud: 'dev_to_cloud',
  cloud_to_dev: 'cloud_to_dev',
};

const injection = z.strictObject({
  hex: z.string().transform((text, context) => {
    const bytes = fromHex(text);
    if (bytes && bytes.length > 0 && bytes.length <= MAX_INJECTION_BYTES) return bytes;
    context.addIssue({ code: 'custom', message: `must be 1 to ${MAX_INJECTION_BYTES} bytes in hex` });
    return z.NEVER;
  }),
  direction: z.enum(Object.keys(DIRECTIONS)),
  /** To every connection, instead of one drawn by lot. */
  broadcast: z.boolean().default(false),
  conn: z.string().optional(),
});

const annotation = z.strictObject({
  label: z
    .string()
    .max(MAX_LABEL)
    .regex(/^[ -~]*$/, 'must be printable ASCII'),
});

/** `METHOD /path` → what it does with the body. */
type Routes = Readonly<Record<string, (body: unknown) => ControlAnswer>>;

/** What the loopback API of a capture answers (protocol 6.2). */
export function captureAnswer(parts: CaptureControlParts, request: ControlRequest): ControlAnswer {
  const routes = routesOf(parts);
  const name = `${request.method} ${request.path}`;
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  return route ? route(request.body) : failed(404, `there is only ${Object.keys(routes).join(', ')}`);
}

function routesOf(parts: CaptureControlParts): Routes {
  return {
    'POST /inject': (body) => parse(injection, body, (wish) => inject(parts, wish)),
    'POST /annotate': (body) => parse(annotation, body, ({ label }) => annotate(parts, label)),
    'GET /status': () => ({ status: 200, body: statusOf(parts) }),
    'GET /metrics': () => ({ status: 200, body: metricsOf(parts) }),
  };
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  then: (value: z.output<Schema>) => ControlAnswer,
): ControlAnswer {
  const result = schema.safeParse(body);
  if (result.success) return then(result.data);
  const faults = result.error.issues.map(({ path, message }) => `"${path.join('.')}": ${message}`);
  return failed(400, faults.join('; '));
}

function inject(parts: CaptureControlParts, wish: z.output<typeof injection>): ControlAnswer {
  const { interceptor, recorder } = parts;
  const dir = DIRECTIONS[wish.direction] as Direction;
  const all = interceptor.connections;
  const wanted = wish.conn === undefined ? all : all.filter((conn) => conn === wish.conn);
  if (wanted.length === 0) return failed(400, 'there is no such connection');
  // Between two packets only: in the middle of one, the injected bytes would become a part of it.
  const free = wanted.filter((conn) => !recorder.midPacket(conn, dir));
  if (free.length === 0) return failed(409, 'a packet is on its way there; try again');
  const targets = wish.broadcast ? free : [free[randomInteger(parts.random, 0, free.length - 1)] as string];
  for (const conn of targets) interceptor.inject(conn, dir, wish.hex);
  const figures = { length: wish.hex.length, total_connections: all.length };
  const reached = { target_connections: targets.length, broadcast: wish.broadcast };
  return answer(parts, { direction: ARROWS[dir], ...figures, ...reached });
}

function annotate(parts: CaptureControlParts, label: string): ControlAnswer {
  parts.recorder.annotation = label;
  return answer(parts, { current_annotation: label });
}

function answer(parts: CaptureControlParts, body: Readonly<Record<string, unknown>>): ControlAnswer {
  return { status: 200, body: { status: 'ok', timestamp: timestamp(parts), ...body } };
}

function statusOf(parts: CaptureControlParts): Readonly<Record<string, unknown>> {
  return {
    status: 'running',
    active_connections: parts.interceptor.status().active,
    capture_file: parts.captureFile,
    current_annotation: parts.recorder.annotation,
    timestamp: timestamp(parts),
  };
}

function metricsOf(parts: CaptureControlParts): Readonly<Record<string, unknown>> {
  const { interceptor, recorder, mode } = parts;
  const { bytes, bufferFillReached, disconnects, ackDelaysApplied } = interceptor.status();
  return {
    metrics: {
      dev_to_cloud_packets: recorder.packets('dev_to_cloud'),
      cloud_to_dev_packets: recorder.packets('cloud_to_dev'),
      dev_to_cloud_bytes: bytes.dev_to_cloud,
      cloud_to_dev_bytes: bytes.cloud_to_dev,
      buffer_fill_reached: bufferFillReached,
      disconnects,
      ack_delays_applied: ackDelaysApplied,
    },
    backpressure_mode: mode,
    timestamp: timestamp(parts),
  };
}

function timestamp({ clock }: CaptureControlParts): string {
  return new Date(clock.wallNow()).toISOString();
}
