import { guarded, type LiveRead } from './live-read';

const READ: LiveRead = { at: 0, dir: 'dev_to_cloud', conn: '1', bytes: Uint8Array.of(1), injected: false };

describe('guarded observers', () => {
  it('never throw, and one that fails keeps nothing from the others', () => {
    const heard: string[] = [];
    const faults: unknown[] = [];
    const broken = {
      read: () => {
        throw new Error('read');
      },
      closed: () => {
        throw new Error('closed');
      },
    };
    const listener = {
      read: ({ conn }: LiveRead) => heard.push(`read ${conn}`),
      closed: (conn: string) => heard.push(`closed ${conn}`),
    };
    const observer = guarded([broken, listener, { read: () => {} }], (error) => faults.push(error));
    observer.read(READ);
    observer.closed('1');
    expect(heard).toEqual(['read 1', 'closed 1']);
    expect(faults).toEqual([new Error('read'), new Error('closed')]);
  });
});
