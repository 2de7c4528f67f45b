import { alertmanagerArtefact } from './alerts/alertmanager';
import { ruleArtefacts, ruleFiles } from './alerts/rule-files';
import type { Artefact } from './artefact';
import { chartFiles } from './chart-files';
import { dashboardArtefact } from './dashboards/dashboard';
import { BOARDS } from './dashboards/boards';
import { metricsPage } from './metrics-page';
import { apiPage, openApiFile } from './pages/api-page';
import { configurationPage } from './pages/configuration-page';
import { protocolTable } from './protocol-table';
import { fastRollbackTests } from './rule-tests/fast-rollback-tests';
import { healthTests } from './rule-tests/health-tests';
import { objectiveTests } from './rule-tests/objective-tests';
import { ruleTestArtefact } from './rule-tests/scenario';

/** Everything that is generated, in a stable order. Pure: the same program makes the same bytes. */
export function artefacts(): Artefact[] {
  const files = ruleFiles();
  const rules = ruleArtefacts(files);
  const dashboards = BOARDS.map(dashboardArtefact);
  return [
    ...rules,
    ...[...objectiveTests(), fastRollbackTests(), healthTests()].map(ruleTestArtefact),
    alertmanagerArtefact(),
    ...dashboards,
    ...chartFiles([...rules, ...dashboards]),
    metricsPage(files),
    configurationPage(),
    apiPage(),
    openApiFile(),
    protocolTable(),
  ];
}
