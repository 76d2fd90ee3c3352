import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { HarnessError, messageOf } from '../errors.ts';
import type { KubeObject } from '../kube/objects.ts';
import { isMessage } from '../proxy/dump.ts';

/** One object of a rule file: a Gateway, a VirtualService, a Secret, ... */
export type Rule = KubeObject;

export const ruleSchema = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({ name: z.string().min(1) }),
});

/** Reads a file that a learner could apply by hand. */
export async function loadRules(path: string): Promise<readonly Rule[]> {
  try {
    return parseRules(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new HarnessError({
      code: 'RULE_FILE_UNUSABLE',
      blame: 'usage',
      doing: `Reading the rules in ${path}`,
      expected: 'YAML documents with apiVersion, kind and metadata.name',
      seen: messageOf(cause),
      next: 'correct the file',
      cause,
    });
  }
}

export function parseRules(source: string): readonly Rule[] {
  const documents = parseAllDocuments(source).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS() as unknown;
  });
  // A line of dashes at the end begins a document without anything in it, as istioctl writes it.
  const rules = documents.filter((document) => document !== null).map((document) => ruleSchema.parse(document));
  if (rules.length === 0) throw new Error('there is no document in it');
  return rules;
}

export function specOf({ spec }: Rule): Readonly<Record<string, unknown>> {
  return isMessage(spec) ? spec : {};
}

/** The same object, applied again or anew, has the same identity. */
export function identity({ apiVersion, kind, metadata }: Rule): string {
  return `${apiVersion.replace(/\/.*/, '')}/${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

/** `VirtualService nodebook` */
export function ruleInWords({ kind, metadata }: Rule): string {
  return `${kind} ${metadata.name}`;
}
