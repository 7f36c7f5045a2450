/** Values that are whole JSON documents are stored as text; this is the only place that knows. */
export function toJson(value: unknown): string {
  return JSON.stringify(value);
}

/** The value of a JSON column; null stays null. The text was written by `toJson`, so its shape is trusted. */
export function fromJson<T>(json: string): T;
export function fromJson<T>(json: string | null): T | null;
export function fromJson<T>(json: string | null): T | null {
  return json === null ? null : (JSON.parse(json) as T);
}

/** Like `toJson`, with null for what is absent. */
export function toJsonOrNull(value: unknown): string | null {
  return value === undefined || value === null ? null : toJson(value);
}
