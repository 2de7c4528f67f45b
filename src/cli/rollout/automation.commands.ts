import { Command, InvalidArgumentError, Option } from 'commander';
import { PATIENT_MS } from '../client';
import type { CommandParts } from '../command-parts';
import {
  sendChange,
  withConfirmation,
  withReason,
  withRevision,
  type ChangeOptions,
  type ConfirmOptions,
} from './change';
import { renderDrill } from './render-safeguards';

/** A command that needs nothing but a reason. */
interface Verb {
  readonly name: string;
  readonly description: string;
  readonly example: string;
}

const VERBS: readonly Verb[] = [
  {
    name: 'approve',
    description: 'approve of leaving the present stage, where a gate asks for it',
    example: 'pointsman approve --reason "the support desk sees nothing"',
  },
  {
    name: 'pause',
    description: 'the machine raises nothing any more; it still rolls back',
    example: 'pointsman pause --reason "waiting for the vendor’s answer"',
  },
  {
    name: 'resume',
    description: 'arm the automation: the machine climbs the ladder as gates allow it',
    example: 'pointsman resume --reason "the dashboard is watched from here on"',
  },
  {
    name: 'freeze',
    description: 'nobody raises anything, neither people nor the machine; lowering stays possible',
    example: 'pointsman freeze --reason "holidays until January 2nd"',
  },
  {
    name: 'unfreeze',
    description: 'end the freeze',
    example: 'pointsman unfreeze --reason "the holidays are over"',
  },
];

/** The commands that say who may move the percentage, and that climb the ladder. */
export function automationCommands(parts: CommandParts): Command[] {
  return [
    promoteCommand(parts),
    ...VERBS.map((verb) => verbCommand(parts, verb)),
    rollbackCommand(parts),
    releaseCommand(parts),
    drillCommand(parts),
  ];
}

function verbCommand(parts: CommandParts, { name, description, example }: Verb): Command {
  return withRevision(new Command(name))
    .description(description)
    .addHelpText('after', `\nExample:\n  ${example}`)
    .action((options: ChangeOptions) => sendChange(parts, options, { method: 'POST', verb: name }));
}

function promoteCommand(parts: CommandParts): Command {
  return withConfirmation(new Command('promote'), 'go on although gates lack something')
    .description('to the next stage of the ladder, now')
    .addHelpText(
      'after',
      '\nExample:\n  pointsman promote --reason "all gates are open and the team is here"',
    )
    .action((options: ConfirmOptions) =>
      sendChange(parts, options, { method: 'POST', verb: 'promote', body: { confirm: options.yes } }),
    );
}

function rollbackCommand(parts: CommandParts): Command {
  return withReason(new Command('rollback'))
    .description('everything back to legacy at once, and latch')
    .addOption(
      new Option('--to <where>', 'zero, or what the stage before had')
        .choices(['zero', 'previous_stage'])
        .default('zero'),
    )
    .addHelpText('after', '\nExample:\n  pointsman rollback --reason "kitchen lights do not answer"')
    .action((options: ChangeOptions & { to: string }) =>
      sendChange(parts, options, { method: 'POST', verb: 'rollback', body: { to: options.to } }),
    );
}

function releaseCommand(parts: CommandParts): Command {
  return withRevision(new Command('release'))
    .description('open the latch that a rollback left, and begin a new generation')
    .option('--new-salt', 'draw the cohorts anew: other devices go first', false)
    .addHelpText('after', '\nExample:\n  pointsman release --reason "fixed in firmware 1.1.159"')
    .action((options: ChangeOptions & { newSalt: boolean }) =>
      sendChange(parts, options, { method: 'POST', verb: 'release', body: { newSalt: options.newSalt } }),
    );
}

const DRILL_HELP = `
Without --seconds it is rehearsed now: the guard of the server, with its settings, sees devices that do not exist fall silent
on new, and it is measured how long it takes until legacy would serve all of them. Real devices notice nothing. What it does
not measure: the network, and the way over Prometheus and Alertmanager.

Examples:
  pointsman drill --reason "before the next stage"
  pointsman drill --seconds 2.5 --reason "rehearsed on the test fleet"`;

function drillCommand(parts: CommandParts): Command {
  return withRevision(new Command('drill'))
    .description(
      'rehearse a rollback and record how long it took; gates and the removal of legacy ask for it',
    )
    .addOption(
      new Option(
        '--seconds <count>',
        'nothing is rehearsed: this is how long a rehearsal elsewhere took until legacy served everybody',
      ).argParser(drillSecondsOf),
    )
    .addHelpText('after', DRILL_HELP)
    .action((options: ChangeOptions & { seconds?: number }) => {
      const { seconds } = options;
      const body = seconds === undefined ? {} : { seconds };
      const drill = { method: 'POST', verb: 'drill', body, timeoutMs: PATIENT_MS } as const;
      return sendChange(parts, options, drill, renderDrill);
    });
}

function drillSecondsOf(text: string): number {
  if (/^\d{1,5}(\.\d{1,3})?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be seconds, with at most three decimals.');
}
