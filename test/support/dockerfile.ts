/** One instruction, with its continued lines joined. */
export interface Instruction {
  readonly name: string;
  /** `--from=build` and the like. */
  readonly flags: Readonly<Record<string, string>>;
  readonly rest: string;
}

export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** As much of a Dockerfile as ours uses: stages, arguments before the first of them, continued lines, comments. */
export function parseDockerfile(text: string): Stage[] {
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  const defaults: Record<string, string> = {};
  for (const line of linesOf(text)) {
    const instruction = instructionOf(line);
    const stage = stages.at(-1);
    if (instruction.name === 'FROM') {
      const [base = '', , name] = instruction.rest.split(/\s+/);
      stages.push({ name: name ?? '', base: withDefaults(base, defaults), instructions: [] });
    } else if (stage) stage.instructions.push(instruction);
    else {
      const [name = '', value = ''] = instruction.rest.split('=');
      defaults[name] = value;
    }
  }
  return stages;
}

/** The exec form: a JSON array. */
export function execForm(text: string): string[] {
  return JSON.parse(text) as string[];
}

/** `NAME=value` pairs, quoted or not. */
export function pairsOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S+))/g)];
  return Object.fromEntries(pairs.map(([, name = '', quoted, bare]) => [name, quoted ?? bare ?? '']));
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function instructionOf(line: string): Instruction {
  const [, name = '', flags = '', rest = ''] = /^([A-Z]+)\s+((?:--[\w-]+=\S+\s+)*)(.*)$/.exec(line) ?? [];
  if (name === '') throw new Error(`no instruction of a Dockerfile: ${line}`);
  const pairs = [...flags.matchAll(/--([\w-]+)=(\S+)/g)].map(([, flag = '', value = '']) => [flag, value]);
  return { name, flags: Object.fromEntries(pairs) as Record<string, string>, rest };
}

function withDefaults(text: string, defaults: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_whole, name: string) => defaults[name] ?? '');
}
