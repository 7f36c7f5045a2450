import type { PlainData } from '../plainData.ts';

/** Plain data with one thing wrong with it. */
export interface Corruption {
  readonly what: string;
  readonly data: PlainData;
}

type Container = Record<string, PlainData> | PlainData[];

/**
 * Copies of `data`, each with one flaw that a reader must notice: a member missing, a value of another type, an array
 * cut off or with a cell that is not finite, a number that is not finite.
 */
export function corruptions(data: PlainData): Corruption[] {
  const found: Corruption[] = [
    { what: 'null instead of all', data: null },
    { what: 'a list instead of all', data: [] },
  ];
  for (const path of pathsOf(data)) {
    const name = path.join('/');
    const change = (what: string, edit: (container: Container, key: string) => void): void => {
      const copy = copyOf(data);
      let container = copy as Container;
      for (const step of path.slice(0, -1)) container = (container as Record<string, Container>)[step]!;
      edit(container, path.at(-1)!);
      found.push({ what: `${name} ${what}`, data: copy });
    };
    const set = (what: string, value: PlainData): void =>
      change(what, (container, key) => ((container as Record<string, PlainData>)[key] = value));

    const value = path.reduce<PlainData>((node, step) => (node as Record<string, PlainData>)[step]!, data);
    const isMember = !/^\d+$/.test(path.at(-1)!);
    if (isMember) change('missing', (container, key) => delete (container as Record<string, PlainData>)[key]);
    if (typeof value === 'number') {
      set('not a number', NaN);
      set('infinite', Infinity);
      set('text', 'x');
    } else if (typeof value === 'boolean') {
      set('text', 'true');
    } else if (typeof value === 'string') {
      set('a number', 1);
    } else if (ArrayBuffer.isView(value)) {
      const cells = value as Float64Array;
      set('a list', [...cells]);
      if (cells.length > 0) set('cut off', cells.slice(0, -1));
      if (value instanceof Float64Array && value.length > 0) {
        set('with a cell that is not a number', value.with(value.length - 1, NaN));
        set('with an infinite cell', value.with(0, Infinity));
      }
    } else if (Array.isArray(value)) {
      set('an object', {});
    } else if (value !== null) {
      set('a list', []);
    }
  }
  return found;
}

function pathsOf(data: PlainData, path: readonly string[] = []): string[][] {
  if (data === null || typeof data !== 'object' || ArrayBuffer.isView(data)) return [];
  return Object.entries(data).flatMap(([key, value]) => [
    [...path, key],
    ...pathsOf(value as PlainData, [...path, key]),
  ]);
}

function copyOf(data: PlainData): PlainData {
  if (data === null || typeof data !== 'object' || ArrayBuffer.isView(data)) return data;
  if (Array.isArray(data)) return data.map(copyOf);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, copyOf(value as PlainData)]));
}
