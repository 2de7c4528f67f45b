import { yamlFile, type Artefact } from '../artefact';

/** Where Alertmanager delivers, and with which secret. Addresses differ per installation; everything else does not. */
export interface AlertmanagerParts {
  readonly webhookUrl: string;
  /** A file with a token of role `hook`, read by Alertmanager at each delivery. */
  readonly credentialsFile: string;
}

const DEFAULT_ALERTMANAGER: AlertmanagerParts = {
  webhookUrl: 'http://pointsman:8080/v1/webhooks/alertmanager',
  credentialsFile: '/etc/alertmanager/pointsman-hook-token',
};

export interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly continue?: boolean;
  readonly routes?: readonly Route[];
}

export interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}

export interface AlertmanagerConfig {
  readonly route: Route;
  readonly inhibit_rules: readonly InhibitRule[];
  readonly receivers: readonly Readonly<Record<string, unknown>>[];
}

/** What takes no action. A rule that mutes others names it, so that no rollback can ever be muted. */
const TAKES_NO_ACTION = 'action=""';

/** No more in one delivery; those that are left out come again with the next. */
const MAX_ALERTS = 100;

/** The configuration of Alertmanager. It uses nothing that 0.25 does not know. */
export function alertmanagerConfig(parts: AlertmanagerParts = DEFAULT_ALERTMANAGER): AlertmanagerConfig {
  return {
    route: {
      receiver: 'tickets',
      group_by: ['alertname', 'slo', 'transport'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '4h',
      routes: [WATCHDOG_ROUTE, ACTION_ROUTE, PAGER_ROUTE, TICKET_ROUTE],
    },
    inhibit_rules: INHIBIT_RULES,
    receivers: [
      webhookReceiver('pointsman', parts),
      webhookReceiver('pointsman-watchdog', parts),
      { name: 'pager' },
      { name: 'tickets' },
    ],
  };
}

export function alertmanagerArtefact(): Artefact {
  return yamlFile('alerts/alertmanager.yaml', ABOUT, alertmanagerConfig());
}

const ABOUT = [
  'Alertmanager 0.25 or newer. Before use: the address of Pointsman, the file with a token of role hook, and receivers',
  'for people: `pager` and `tickets` deliver nowhere as they stand here.',
];

/** Sent once a minute for ever: repeating sooner than the group is looked at means with each look. */
const WATCHDOG_ROUTE: Route = {
  receiver: 'pointsman-watchdog',
  matchers: ['alertname="Watchdog"'],
  group_by: ['alertname'],
  group_wait: '0s',
  group_interval: '1m',
  repeat_interval: '50s',
};

/**
 * What steers the rollout. A generation is a group of its own, so the first alert of a new one waits for nothing. Ten
 * seconds between looks is as short as is wise: it is the deadline of a delivery too. Then people are told as well.
 */
const ACTION_ROUTE: Route = {
  receiver: 'pointsman',
  matchers: ['action=~"rollback|pause"'],
  group_by: ['alertname', 'slo', 'generation'],
  group_wait: '0s',
  group_interval: '10s',
  repeat_interval: '1m',
  continue: true,
};

const PAGER_ROUTE: Route = {
  receiver: 'pager',
  matchers: ['severity="critical"'],
  group_wait: '10s',
  group_interval: '1m',
  repeat_interval: '1h',
};

/** The default too; said again for what went on from another route: a default does not come after one. */
const TICKET_ROUTE: Route = { receiver: 'tickets', matchers: ['severity="warning"'] };

const INHIBIT_RULES: readonly InhibitRule[] = [
  // A faster tier says the same as a slower one, earlier. Both carry all three labels: a label that is missing on both
  // sides counts as equal.
  {
    source_matchers: ['severity="critical"', 'kind="burn"'],
    target_matchers: ['severity="warning"', 'kind="burn"', TAKES_NO_ACTION],
    equal: ['slo', 'transport', 'generation'],
  },
  // Where no process answers, what the processes would have said is missing too.
  {
    source_matchers: ['alertname="PointsmanDown"'],
    target_matchers: ['kind="silence"', TAKES_NO_ACTION],
    equal: [],
  },
];

function webhookReceiver(name: string, { webhookUrl, credentialsFile }: AlertmanagerParts) {
  return {
    name,
    webhook_configs: [
      {
        url: webhookUrl,
        send_resolved: false,
        max_alerts: MAX_ALERTS,
        http_config: {
          follow_redirects: false,
          authorization: { type: 'Bearer', credentials_file: credentialsFile },
        },
      },
    ],
  };
}
