import fc from 'fast-check';
import { alertWith } from '../../test/support/alerts';
import { deliverySchema, demandOf } from './alert';

describe('what an alert asks for', () => {
  it('is a rollback or a pause when it fires, names its action and is of the current generation', () => {
    expect(demandOf(alertWith(), 1).kind).toBe('rollback');
    expect(demandOf(alertWith({ action: 'pause' }), 1).kind).toBe('pause');
  });

  it.each([
    ['a resolved one', alertWith({}, { status: 'resolved' }), 'resolved'],
    ['one of an unknown status', alertWith({}, { status: 'pending' }), 'resolved'],
    ['one that only tells people', alertWith({ action: 'page' }), 'no_action'],
    ['one that does not say its generation', alertWith({ generation: '' }), 'no_generation'],
    ['one whose generation is written in hex', alertWith({ generation: '0x1' }), 'no_generation'],
  ])('is nothing: %s', (_, alert, why) => {
    expect(demandOf(alert, 1)).toEqual({ kind: 'nothing', why });
  });

  it('is stale in every generation but its own', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), (own, current) => {
        const { kind } = demandOf(alertWith({ generation: String(own) }), current);
        expect(kind).toBe(own === current ? 'rollback' : 'stale');
      }),
    );
  });

  it('is only the proof of life when the watchdog brings it, whatever else it is labelled', () => {
    expect(demandOf(alertWith({ alertname: 'Watchdog' }), 1)).toEqual({ kind: 'watchdog' });
  });
});

describe('a delivery', () => {
  it('may hold fields of a newer version', () => {
    const body = { version: '4', notification_reason: 'new', alerts: [{ ...alertWith(), extra: 1 }] };
    expect(deliverySchema.parse(body).alerts).toEqual([alertWith()]);
  });

  it.each([
    ['another version', { version: '3', alerts: [] }],
    ['no alerts', { version: '4' }],
    ['labels that are no texts', { version: '4', alerts: [{ status: 'firing', labels: { a: 1 } }] }],
  ])('is refused with %s', (_, body) => {
    expect(deliverySchema.safeParse(body).success).toBe(false);
  });
});
