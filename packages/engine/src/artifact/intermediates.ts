import type { BuildPlan } from '../session/buildPlan.ts';
import type { TaskResult } from '../session/taskResult.ts';
import type { Table } from '../table/table.ts';
import { EngineError } from '../engineError.ts';
import type { PlainData } from '../plainData.ts';
import { decodePlainData } from './decodePlainData.ts';
import { encodePlainData } from './encodePlainData.ts';

/** What the steps of a build hand to each other, by the name written with it. */
export interface Intermediates {
  table: Table;
  plan: BuildPlan;
  'task result': TaskResult;
}

/**
 * The bytes hold plain data of the engine's own making: they are checked for damage and for being the right thing,
 * not field by field as artifacts are.
 */
function encode<K extends keyof Intermediates>(content: K, value: Intermediates[K]): Uint8Array {
  return encodePlainData({ content, value: value as unknown as PlainData });
}

function decode<K extends keyof Intermediates>(content: K, bytes: Uint8Array): Intermediates[K] {
  const file = decodePlainData(bytes) as { content?: unknown; value?: unknown } | null;
  if (file?.content !== content) throw new EngineError('ARTIFACT_INVALID', `the bytes hold no ${content}`);
  return file.value as Intermediates[K];
}

export function encodeTable(table: Table): Uint8Array {
  return encode('table', table);
}

/** @throws EngineError with code ARTIFACT_INVALID */
export function decodeTable(bytes: Uint8Array): Table {
  return decode('table', bytes);
}

export function encodePlan(plan: BuildPlan): Uint8Array {
  return encode('plan', plan);
}

/** @throws EngineError with code ARTIFACT_INVALID */
export function decodePlan(bytes: Uint8Array): BuildPlan {
  return decode('plan', bytes);
}

export function encodeTaskResult(result: TaskResult): Uint8Array {
  return encode('task result', result);
}

/** @throws EngineError with code ARTIFACT_INVALID */
export function decodeTaskResult(bytes: Uint8Array): TaskResult {
  return decode('task result', bytes);
}
