import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import type { z } from 'zod';
import { AppError, messageOf } from '../kernel/errors';
import { chaosFileSchema, type ChaosFile } from './chaos-schema';

/** Reads a YAML file of chaos, or says in one AppError what all is wrong with it. */
export function readChaosFile(file: string): ChaosFile {
  const parsed = chaosFileSchema.safeParse(contentOf(file) ?? {});
  if (parsed.success) return parsed.data;
  throw invalid(file, parsed.error.issues.map(faultOf).join('; '));
}

/** One fault in words: where it is, and what is wrong there. */
export function faultOf(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.') || 'the whole'}: ${issue.message}`;
}

function contentOf(file: string): unknown {
  try {
    return parseYaml(readFileSync(file, 'utf8'));
  } catch (error) {
    throw invalid(file, messageOf(error));
  }
}

function invalid(file: string, what: string): AppError {
  return new AppError('config.invalid', `${file} holds no chaos that could be used: ${what}`);
}
