import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { isDeviceId } from '../../kernel/device-id';
import type { CommandParts } from '../command-parts';
import {
  percentageOf,
  sendChange,
  withConfirmation,
  withRevision,
  type ChangeOptions,
  type ConfirmOptions,
} from './change';

/** The commands that say where traffic goes. */
export function trafficCommands(parts: CommandParts): Command[] {
  return [setCommand(parts), holdbackCommand(parts), mirrorCommand(parts), pinCommand(parts)];
}

function setCommand(parts: CommandParts): Command {
  return withConfirmation(new Command('set'), 'confirm a raise by more than the policy’s maxStep')
    .description('set the share of devices on the new transport; takes an armed automation off')
    .argument('<percentage>', '0 to 100, at most three decimals', percentageOf)
    .addHelpText('after', '\nExample:\n  pointsman set 25 --reason "10 % was clean for three days"')
    .action((percentage: number, options: ConfirmOptions) =>
      sendChange(parts, options, {
        method: 'PUT',
        verb: 'percentage',
        body: { percentage, confirm: options.yes },
      }),
    );
}

function holdbackCommand(parts: CommandParts): Command {
  return withConfirmation(
    new Command('holdback'),
    'confirm a lowering that moves more than the policy’s maxStep',
  )
    .description('set the share of devices that stay on legacy, for comparison; lowering it is a raise')
    .argument('<percentage>', '0 to 100, at most three decimals', percentageOf)
    .addHelpText(
      'after',
      '\nExample:\n  pointsman holdback 2 --reason "5 % is more than the comparison needs"',
    )
    .action((holdback: number, options: ConfirmOptions) =>
      sendChange(parts, options, {
        method: 'PUT',
        verb: 'holdback',
        body: { holdback, confirm: options.yes },
      }),
    );
}

function mirrorCommand(parts: CommandParts): Command {
  return withRevision(new Command('mirror'))
    .description('dark launch: shadow what legacy delivers with the new transport, or stop it')
    .addArgument(new Argument('<state>').choices(['on', 'off']))
    .addOption(
      new Option(
        '--percentage <share>',
        'share of devices to shadow (default: the last one, else 100)',
      ).argParser(percentageOf),
    )
    .addHelpText('after', '\nExample:\n  pointsman mirror on --percentage 5 --reason "begin the dark launch"')
    .action((state: 'on' | 'off', options: ChangeOptions & { percentage?: number }) => {
      const { percentage } = options;
      const body = { on: state === 'on', ...(percentage === undefined ? {} : { percentage }) };
      return sendChange(parts, options, { method: 'PUT', verb: 'mirror', body });
    });
}

function pinCommand(parts: CommandParts): Command {
  return withConfirmation(new Command('pin'), 'confirm what the policy wants confirmed')
    .description('fix the transport of one device by name, or leave it to the percentage again')
    .argument('<device>', 'device id, 8 lower-case hex digits', deviceOf)
    .addArgument(new Argument('<transport>', 'none takes the pin away').choices(['new', 'legacy', 'none']))
    .addHelpText(
      'after',
      '\nExample:\n  pointsman pin 37962469 legacy --reason "its owner films with it today"',
    )
    .action((device: string, transport: 'new' | 'legacy' | 'none', options: ConfirmOptions) => {
      const pins = { [device]: transport === 'none' ? null : transport };
      return sendChange(parts, options, {
        method: 'PUT',
        verb: 'pins',
        body: { pins, confirm: options.yes },
      });
    });
}

function deviceOf(text: string): string {
  if (isDeviceId(text)) return text;
  throw new InvalidArgumentError('It must be a device id: 8 lower-case hex digits.');
}
