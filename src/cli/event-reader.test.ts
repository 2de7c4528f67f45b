import fc from 'fast-check';
import { EventReader } from './event-reader';

const STREAM =
  'retry: 2000\n\n: still here\n\nid: 7\nevent: rollout\ndata: {"a":1}\n\nevent: traffic\ndata: {"b":"x:y"}\n\n';
const MESSAGES = [
  { event: 'rollout', data: '{"a":1}', id: '7' },
  { event: 'traffic', data: '{"b":"x:y"}', id: undefined },
];

describe('EventReader', () => {
  it('finds the messages wherever the text is cut, and no comment', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: STREAM.length - 1 }), { maxLength: 8 }), (places) => {
        const cuts = [0, ...[...places].sort((one, other) => one - other), STREAM.length];
        const reader = new EventReader();
        const found = cuts.slice(1).flatMap((end, at) => reader.take(STREAM.slice(cuts[at], end)));
        expect(found).toEqual(MESSAGES);
      }),
    );
  });

  it('joins data of several lines', () => {
    expect(new EventReader().take('data: one\ndata: two\n\n')).toEqual([
      { event: 'message', data: 'one\ntwo', id: undefined },
    ]);
  });

  it('gives up on a message that has no end', () => {
    const reader = new EventReader();
    const chunk = 'x'.repeat(1024 * 1024);
    expect(() => {
      for (let count = 0; count < 20; count += 1) reader.take(chunk);
    }).toThrow('no end');
  });
});
