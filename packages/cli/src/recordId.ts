import { CommandError } from './commandError.ts';

const forms = { MDS: 'a session, such as MDS1', MDL: 'a model, such as MDL3' } as const;

/** The id that a person typed, in capitals. @throws CommandError when it is that of nothing wanted here */
export function recordId(text: string, kinds: readonly (keyof typeof forms)[]): string {
  const id = text.toUpperCase();
  if (kinds.some((kind) => id.startsWith(kind) && /^\d+$/.test(id.slice(kind.length)))) return id;
  throw new CommandError(
    `"${text}" is no id of ${kinds.map((kind) => forms[kind]).join(' or ')}`,
    'athanor sessions lists the sessions, and athanor show MDS1 the models of one.',
  );
}
