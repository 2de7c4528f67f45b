import { armedDocument, latchedDocument } from '../../test/support/plans';
import { judgementWith } from '../../test/support/judgements';
import { defaultLadder } from './default-ladder';
import type { RolloutDocument } from './document';
import type { Ladder } from './ladder';
import { stageReadings } from './stage-readings';

const DAY_SECONDS = 86_400;
const ENTERED = Date.parse('2026-01-01T00:00:00.000Z') / 1000;

function readingsOf(
  document: RolloutDocument,
  days: number,
  ladder: Ladder = defaultLadder(),
): Record<string, number> {
  const nowMs = (ENTERED + days * DAY_SECONDS) * 1000;
  const readings = stageReadings({
    rollout: { document },
    ticker: { latestJudgement: judgementWith({ at: new Date(nowMs).toISOString() }) },
    ladder,
    clock: { wallNow: () => nowMs },
  });
  return Object.fromEntries(Object.entries(readings).map(([name, read]) => [name, read()]));
}

test('a ramp at its second stage says where it is, and when it can go on and end', () => {
  expect(readingsOf(armedDocument('canary-10', { percentage: 10 }), 1)).toMatchObject({
    stage: 2,
    stages: 10,
    automation: 1,
    frozen: 0,
    gatesFailing: 0,
    stageEntered: ENTERED,
    stageHold: 3 * DAY_SECONDS,
    stageReady: ENTERED + 3 * DAY_SECONDS,
    ladderEnd: ENTERED + (3 + 4 + 7 + 3 + 3 + 3 + 30 + 3) * DAY_SECONDS,
  });
});

test('the same ladder has the same fingerprint, and one with another gate has another', () => {
  const { ladderFingerprint: own } = readingsOf(armedDocument('canary-10', { percentage: 10 }), 1);
  const { ladderFingerprint: again } = readingsOf(latchedDocument(), 2);
  const [first, ...others] = defaultLadder().stages;
  const stricter = {
    ...defaultLadder(),
    stages: [{ ...first, holdMs: first.holdMs + 1 }, ...others] as const,
  };
  expect(again).toBe(own);
  expect(readingsOf(latchedDocument(), 2, stricter).ladderFingerprint).not.toBe(own);
});

test('once its time is over it can go on now', () => {
  const now = ENTERED + 9 * DAY_SECONDS;
  expect(readingsOf(armedDocument('canary-10', { percentage: 10 }), 9)).toMatchObject({
    gatesClosed: 0,
    stageReady: now,
  });
});

test('at the end of the ladder there is nothing to wait for', () => {
  const document = armedDocument('removal-ready', { percentage: 100 });
  expect(readingsOf(document, 1)).toMatchObject({ stage: 10, stageReady: NaN, ladderEnd: NaN, gatesOpen: 0 });
});

test('a latched rollout is back at the first stage, and nobody may raise it', () => {
  expect(readingsOf(latchedDocument(), 1)).toMatchObject({ stage: 1, automation: 3 });
});
