const maxNames = 20;

/** The first names of a list, and how many more there are, for a message. */
export function listNames(names: readonly string[]): string {
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : '';
  return names.slice(0, maxNames).join(', ') + more;
}
