/** Of a session's name, as its schema has it. */
const maxNameLength = 500;

/** The name of the next session: `hardness`, `hardness (version 2)`, … */
export function nextVersionName(name: string): string {
  const [, base, number] = /^(.*?)(?: \(version (\d+)\))?$/s.exec(name)!;
  const ending = ` (version ${Number(number ?? 1) + 1})`;
  return base!.slice(0, maxNameLength - ending.length) + ending;
}
