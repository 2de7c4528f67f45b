import type { ReceiverKind } from '../kernel/replica-facts';
import type { Severity } from '../kernel/severity';
import type { Notification } from './notification';

/** The body that a kind of receiver is posted, as JSON. */
export function bodyFor(kind: ReceiverKind, notification: Notification): string {
  return JSON.stringify(kind === 'json' ? { version: 1, ...notification } : slackMessage(notification));
}

const SIGN: Readonly<Record<Severity, string>> = {
  info: ':information_source:',
  warning: ':warning:',
  critical: ':rotating_light:',
};

/** For an incoming webhook of Slack, and of what understands the same. */
function slackMessage(notification: Notification): object {
  const { severity, title, at, after, possiblyRepeated } = notification;
  const footer = [
    `${severity} · ${at} · revision ${after.revision}`,
    ...(possiblyRepeated ? ['may come more than once: the store does not answer'] : []),
  ].join(' · ');
  return {
    text: `${SIGN[severity]} ${escaped(title)}`,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `${SIGN[severity]} *${escaped(title)}*` } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: escaped(footer) }] },
    ],
  };
}

/**
 * Slack makes links and calls to a whole channel of `<…>`, and turns text bold at an asterisk: what comes from
 * outside may do neither.
 */
function escaped(text: string): string {
  const literal = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return literal.replace(/[*_~`]/g, (mark) => `\u200b${mark}`);
}
