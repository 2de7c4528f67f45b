import { CELL_MS } from '../../src/telemetry/recent-traffic';
import { systemClock, sleep } from '../../src/kernel/clock';
import { recentTrafficSchema } from '../../src/api/schemas/overview';
import { rulesFor, startApplication, startFleet, tokenOf, until } from '../support/application';
import { ask } from '../support/http';

describe('what a page that shows everything asks for', () => {
  it('says who asks, whatever the role', async () => {
    const application = await startApplication({ accessRules: rulesFor('viewer', 'app') });
    const me = (role: 'viewer' | 'app') =>
      ask(application.url, { path: '/v1/me', headers: { authorization: `Bearer ${tokenOf(role)}` } });
    expect((await me('viewer')).body).toMatchObject({ name: 'the viewer', role: 'viewer' });
    expect((await me('app')).body).toMatchObject({ name: 'the app', role: 'app', environment: 'default' });
    await application.stop();
  });

  it('counts the commands of each transport, none that is still under way', async () => {
    const application = await startApplication({
      settings: { rollout: { seedPercentage: 100, holdback: 0 } },
    });
    const fleet = await startFleet(application, { size: 2 });
    for (const { id } of fleet.devices)
      await ask(application.url, {
        path: `/v1/devices/${id}/commands`,
        body: { command: 'power', on: true },
      });
    const traffic = async () =>
      recentTrafficSchema.parse((await ask(application.url, { path: '/v1/traffic' })).body);
    await until(async () => {
      await sleep(systemClock, CELL_MS / 20);
      return (await traffic()).cells.length > 0;
    });
    const { lastMinute, cells, cellMs } = await traffic();
    expect(cellMs).toBe(CELL_MS);
    expect(cells.reduce((sum, cell) => sum + cell.new.commands, 0)).toBe(2);
    expect(lastMinute.new).toMatchObject({ commands: 2, bad: 0, successRatio: 1 });
    expect(lastMinute.legacy).toMatchObject({ commands: 0, successRatio: null, p99Ms: null });
    fleet.stop();
    await application.stop();
  });
});
