import { errorCodes, errorTable } from '@athanor/schema';

/** docs/errors.md: every code Athanor can answer with, from the table in the schema package. */
export function generateErrorsPage(): string {
  const lines = [
    '<!-- Generated from packages/schema/src/errors.ts by npm run generate. Do not edit. -->',
    '# Errors',
    '',
    'Every refusal is `application/problem+json` with `code`, `detail`, `location` and `fix`. This is the whole list.',
    '',
    '| code | status | what it says | what to do |',
    '|---|---|---|---|',
  ];
  for (const code of errorCodes) {
    const { status, title, fix } = errorTable[code];
    lines.push(`| <a id="${code.toLowerCase()}"></a>\`${code}\` | ${status} | ${title} | ${fix} |`);
  }
  return `${lines.join('\n')}\n`;
}
