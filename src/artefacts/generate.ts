import { DEFAULT_OBJECTIVES, type Objective } from '../slo/objectives';
import { alertmanagerArtefact } from './alerts/alertmanager';
import { ruleArtefacts, ruleFiles } from './alerts/rule-files';
import type { Artefact } from './artefact';
import { chartFiles } from './chart-files';
import { boards } from './dashboards/boards';
import { dashboardArtefact } from './dashboards/dashboard';
import { metricsPage } from './metrics-page';
import { apiPage, openApiFile } from './pages/api-page';
import { configurationPage } from './pages/configuration-page';
import { protocolTable } from './protocol-table';
import { fastRollbackTests } from './rule-tests/fast-rollback-tests';
import { healthTests } from './rule-tests/health-tests';
import { objectiveTests } from './rule-tests/objective-tests';
import { ruleTestArtefact } from './rule-tests/scenario';
import { DEFAULT_RUNBOOK_BASE } from './runbooks';

/** What an installation may have of its own. */
export interface Own {
  readonly objectives?: readonly Objective[] | undefined;
  readonly runbookBase?: string | undefined;
}

/** What Prometheus and Grafana load. */
export function loadedArtefacts({
  objectives = DEFAULT_OBJECTIVES,
  runbookBase = DEFAULT_RUNBOOK_BASE,
}: Own = {}): Artefact[] {
  return [
    ...ruleArtefacts(ruleFiles(objectives), runbookBase),
    ...boards(objectives).map((board) => dashboardArtefact(board, runbookBase)),
  ];
}

/** Everything that is generated and committed, in a stable order. Pure: the same program makes the same bytes. */
export function artefacts(): Artefact[] {
  const loaded = loadedArtefacts();
  return [
    ...loaded,
    ...[...objectiveTests(), fastRollbackTests(), healthTests()].map(ruleTestArtefact),
    alertmanagerArtefact(),
    ...chartFiles(loaded),
    metricsPage(ruleFiles()),
    configurationPage(),
    apiPage(),
    openApiFile(),
    protocolTable(),
  ];
}
