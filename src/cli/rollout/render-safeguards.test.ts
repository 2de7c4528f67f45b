import { guardViewWith, LOOKED_AT, viewWith } from '../../../test/support/rollout-views';
import type { AlertPathView } from '../../api/schemas/safeguards';
import { renderLine, renderStatus } from './render-rollout';

const HEARD: AlertPathView = {
  watchdog: { state: 'heard', heardAt: null },
  mutes: { state: 'none', by: [], why: null },
};
const muted: AlertPathView = { ...HEARD, mutes: { state: 'muted', by: ['silence 7 of eve'], why: null } };
const silent: AlertPathView = {
  ...HEARD,
  watchdog: { state: 'silent', heardAt: '2026-01-03T13:00:00.000Z' },
};

describe('the safeguards in the status', () => {
  it('say loudly that a silence mutes the alerts that go back, in the tree and in the log line', () => {
    const view = viewWith({ alerting: muted });
    expect(renderStatus(view, LOOKED_AT)).toContain('ROLLBACK ALERTS ARE MUTED: silence 7 of eve');
    expect(renderLine(view)).toContain('ROLLBACK ALERTS MUTED');
  });

  it('say loudly that alerts do not arrive', () => {
    const view = viewWith({ alerting: silent });
    expect(renderStatus(view, LOOKED_AT)).toContain(
      'SILENT: the watchdog was heard last 2026-01-03 13:00:00 UTC (1 h ago); rollback alerts may not arrive',
    );
    expect(renderLine(view)).toContain('ALERTS SILENT');
  });

  it('say that nobody knows what is muted', () => {
    const alerting: AlertPathView = { ...HEARD, mutes: { state: 'unread', by: [], why: 'no answer' } };
    expect(renderStatus(viewWith({ alerting }), LOOKED_AT)).toContain(
      'Alertmanager could not be asked what is muted: no answer',
    );
  });

  it('give the sentence of a guard that has tripped, and promise nothing', () => {
    const guard = guardViewWith({ state: 'tripped', trip: { rule: 'run', sentence: 'new 5 bad of 5' } });
    const text = renderStatus(viewWith({ guard }), LOOKED_AT);
    expect(text).toContain('guard       TRIPPED\n│  └─ new 5 bad of 5');
    expect(text).not.toContain('would see');
  });

  it('say that there is nothing to compare with', () => {
    const text = renderStatus(viewWith({ guard: guardViewWith({ state: 'no_control' }) }), LOOKED_AT);
    expect(text).toContain('NO CONTROL: no command of a clear device on legacy');
  });

  it('say why failures on new may be no evidence: legacy fails too, and hardly a device is clear', () => {
    const lately = {
      new: { commands: 60, bad: 60, clear: 2 },
      legacy: { commands: 400, bad: 120, clear: 31 },
    };
    const said =
      'of late here new 60 bad of 60, legacy 120 bad of 400; of clear devices, which alone count: new 2, legacy 31';
    expect(renderStatus(viewWith({ guard: guardViewWith({ lately }) }), LOOKED_AT)).toContain(said);
    const calm = { ...lately, new: { ...lately.new, bad: 0 } };
    expect(renderStatus(viewWith({ guard: guardViewWith({ lately: calm }) }), LOOKED_AT)).not.toContain(
      'of late here',
    );
  });

  it('say what cannot be foreseen', () => {
    const timeToSee = { ...guardViewWith().timeToSee, twice: null };
    const text = renderStatus(viewWith({ guard: guardViewWith({ timeToSee }) }), LOOKED_AT);
    expect(text).toContain('twice as many not foreseeable');
  });
});
