/**
 * `Content-Disposition: attachment` with the last part of a file's name, as RFC 6266 wants it: an ASCII stand-in
 * for old clients and the real name in UTF-8. No character of the name can end the header or the quotes.
 */
export function contentDisposition(name: string): string {
  const last = name.split(/[/\\]/).findLast((part) => part !== '') ?? 'file';
  const ascii = last.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(last.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
