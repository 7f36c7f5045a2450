const maxTags = 100;
const maxCharacters = 200;

/** The tags of an insight: the texts, or names of links, in `tags` of its Metadata; what else is there is no tag. */
export function insightTags(metadata: Record<string, unknown> | undefined): string[] {
  const given = metadata?.['tags'] ?? metadata?.['Tags'];
  if (!Array.isArray(given)) return [];
  const names = given.map((tag: unknown) =>
    typeof tag === 'object' && tag !== null ? (tag as { name?: unknown }).name : tag,
  );
  const texts = names.filter((name): name is string => typeof name === 'string' && name !== '');
  return [...new Set(texts.map((text) => text.slice(0, maxCharacters)))].slice(0, maxTags);
}
