import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import type { Environment } from '../config/environment';
import { AppError, messageOf } from '../kernel/errors';
import { Client } from './client';
import { demoToken } from './demo-token';

export interface EndpointOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly output: 'text' | 'json';
}

const DEFAULT_HTTP_PORT = '8080';

/** What a header can carry; what makes a request of anything else would quote it in its refusal. */
const HEADER_TEXT = /^[\x21-\x7e]+$/;
const NO_TOKEN =
  'the token holds what no token can: blanks, line ends or other characters that no header carries';
const IN_URL =
  'the URL holds a user or a password, and the server knows neither: POINTSMAN_TOKEN or --token-file gives a token';

/** Options of every command that talks to a server. A token is never an argument: other users could read it. */
export function withEndpoint(command: Command): Command {
  return command
    .option('--url <url>', 'the server (default: POINTSMAN_URL, else http://127.0.0.1:8080)')
    .option(
      '--token-file <file>',
      'file that holds the bearer token (default: POINTSMAN_TOKEN, else that of a running demo)',
    )
    .addOption(new Option('--output <format>', 'how to print').choices(['text', 'json']).default('text'));
}

export function clientOf(options: EndpointOptions, environment: Environment): Client {
  const port = environment.POINTSMAN_HTTP_PORT ?? DEFAULT_HTTP_PORT;
  const url = options.url ?? environment.POINTSMAN_URL ?? `http://127.0.0.1:${port}`;
  if (!URL.canParse(url))
    throw new AppError('input.invalid', `"${url}" is not a URL such as http://127.0.0.1:8080`);
  const { username, password } = new URL(url);
  if (username !== '' || password !== '') throw new AppError('input.invalid', IN_URL);
  const given = options.tokenFile === undefined ? environment.POINTSMAN_TOKEN : readToken(options.tokenFile);
  const token = given === '' ? undefined : given;
  if (token !== undefined && !HEADER_TEXT.test(token)) throw new AppError('input.invalid', NO_TOKEN);
  return new Client({ url, token: token ?? demoToken(url) });
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new AppError('input.invalid', `the token cannot be read: ${messageOf(error)}`);
  }
}
