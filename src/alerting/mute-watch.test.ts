import type { Fact } from '../kernel/facts';
import type { Mutes } from './alertmanager-reader';
import { MuteWatch } from './mute-watch';

const MUTED: Mutes = { kind: 'muted', by: ['silence 7 of eve'] };
const NONE: Mutes = { kind: 'none' };

/** What is told of after each of these answers. */
async function told(answers: readonly Mutes[]): Promise<Fact[]> {
  const facts: Fact[] = [];
  const rest = [...answers];
  const watch = new MuteWatch(
    () => Promise.resolve(rest.shift() ?? NONE),
    (fact) => facts.push(fact),
  );
  for (const _ of answers) await watch.look();
  return facts;
}

describe('the watch over what mutes rollback alerts', () => {
  it('says nothing where nothing mutes them', async () => {
    expect(await told([NONE, NONE])).toEqual([]);
  });

  it('says what mutes them, once, and when that is over', async () => {
    expect(await told([NONE, MUTED, MUTED, NONE, NONE])).toEqual([
      { kind: 'rollback_muted', by: ['silence 7 of eve'] },
      { kind: 'rollback_muted', by: [] },
    ]);
  });

  it('says that it cannot know', async () => {
    expect(await told([{ kind: 'unread', why: 'no answer' }, NONE])).toEqual([
      { kind: 'alertmanager_unread', message: 'no answer' },
    ]);
  });
});
