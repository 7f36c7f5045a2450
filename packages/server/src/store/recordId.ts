import { identifierPrefixes, type IdentifierKind } from '@athanor/schema';

/** `DST12` for number 12. */
export function formatId(kind: IdentifierKind, number: number): string {
  return `${identifierPrefixes[kind]}${number}`;
}

/** The number in an id, in either case of letters; null for anything that cannot be an id of this kind. */
export function parseRecordId(kind: IdentifierKind, id: string): number | null {
  const match = /^([A-Za-z]{3})([1-9][0-9]{0,14})$/.exec(id);
  if (match === null || match[1]!.toUpperCase() !== identifierPrefixes[kind]) return null;
  return Number(match[2]);
}
