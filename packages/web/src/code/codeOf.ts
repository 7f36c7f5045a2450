/** One view as code in the two languages it can be copied in. */
export interface CodeOf {
  readonly python: string;
  readonly curl: string;
}

/** The lines that both sign in with. */
export function codeOf(python: readonly string[], curl: readonly string[], origin: string): CodeOf {
  return {
    python: [
      'from albert import Albert',
      '',
      `client = Albert.from_client_credentials(base_url=${pythonText(origin)}, client_id="…", client_secret="…")`,
      ...python,
    ].join('\n'),
    curl: curl.join('\n'),
  };
}

/** `curl` of one call with the token from the environment; a body goes in single quotes. */
export function curlOf(origin: string, method: string, path: string, body?: unknown): string {
  const parts = [`curl -s ${method === 'GET' ? '' : `-X ${method} `}'${origin}/api/v3${path}'`];
  parts.push(`-H "Authorization: Bearer $ATHANOR_TOKEN"`);
  if (body !== undefined) {
    parts.push(`-H 'Content-Type: application/json'`);
    parts.push(`-d '${JSON.stringify(body).replaceAll("'", `'\\''`)}'`);
  }
  return parts.join(' \\\n  ');
}

/** A text, list, number or record as Python writes it. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (Array.isArray(value)) return `[${value.map(pythonText).join(', ')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${pythonText(one)}`);
    return `{${entries.join(', ')}}`;
  }
  return JSON.stringify(value);
}
