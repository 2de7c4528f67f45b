/** One message of a server-sent event stream. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string | undefined;
}

/** A server that sends one message longer than this is not ours. */
const MAX_BUFFER = 16 * 1024 * 1024;

/** Finds messages in the text of an event stream, however it is cut. Comments are left out. */
export class EventReader {
  private rest = '';

  /** The messages that are whole by now. Throws when one grows beyond all measure. */
  take(chunk: string): ServerEvent[] {
    const blocks = (this.rest + chunk).replaceAll('\r\n', '\n').split('\n\n');
    this.rest = blocks.pop() ?? '';
    if (this.rest.length > MAX_BUFFER) throw new Error('the server sends an event that has no end');
    return blocks.map(messageOf).filter((message) => message !== undefined);
  }
}

function messageOf(block: string): ServerEvent | undefined {
  const fields = block.split('\n').map(fieldOf);
  const valuesOf = (name: string): string[] =>
    fields.flatMap(([field, value]) => (field === name ? [value] : []));
  const data = valuesOf('data');
  if (data.length === 0) return undefined;
  return { event: valuesOf('event').at(-1) ?? 'message', data: data.join('\n'), id: valuesOf('id').at(-1) };
}

function fieldOf(line: string): readonly [string, string] {
  const [name = '', ...value] = line.split(':');
  return [name, value.join(':').replace(/^ /, '')];
}
