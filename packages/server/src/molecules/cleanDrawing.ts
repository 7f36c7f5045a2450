/** What a drawing is made of. */
interface DrawingFrame {
  /** For those who cannot see it. */
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** Colour that stands for the colour of the text around. */
  readonly ink: string;
}

/** Attributes that are taken over, whether they stand alone or in a `style`, and what they may be. */
const allowed: Readonly<Record<string, RegExp>> = {
  d: /^[MLQCAZmlqcaz0-9eE+\-.,\s]+$/,
  fill: /^(?:none|#[0-9A-Fa-f]{6})$/,
  'fill-rule': /^(?:evenodd|nonzero)$/,
  stroke: /^(?:none|#[0-9A-Fa-f]{6})$/,
  'stroke-width': /^[0-9.]+(?:px)?$/,
  'stroke-linecap': /^(?:butt|round|square)$/,
  'stroke-linejoin': /^(?:miter|round|bevel)$/,
  'stroke-dasharray': /^[0-9.,\s]+$/,
};
/** What shapes have unless they say something else. */
const common: Readonly<Record<string, string>> = {
  'fill-rule': 'evenodd',
  'stroke-width': '1.5',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
};

/**
 * A drawing of RDKit's written anew from its paths alone: no style, no script, no link, no name space of its own gets
 * through, whatever was in it. What is drawn in `ink` takes the colour of the text around, and a middle grey where
 * there is none, e.g. as an image.
 *
 * @returns null when there is nothing drawn
 */
export function cleanDrawing(svg: string, { title, width, height, ink }: DrawingFrame): string | null {
  const paths = [...svg.matchAll(/<path\s([^>]*)>/g)].map(([, attributes]) => writePath(attributes!, ink));
  const drawn = paths.filter((path) => path !== null);
  if (drawn.length === 0) return null;
  const shared = Object.entries(common).map(([name, value]) => `${name}="${value}"`);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" color="${ink}"><title>${escape(title)}</title>` +
    `<g fill="none" ${shared.join(' ')}>${drawn.join('')}</g></svg>\n`
  );
}

function writePath(source: string, ink: string): string | null {
  const found = new Map<string, string>();
  for (const [, name, value] of source.matchAll(/([a-z-]+)='([^']*)'/g)) {
    if (name !== 'style') found.set(name!, value!);
    else for (const part of value!.split(';')) found.set(...splitAt(part, ':'));
  }
  if (!found.has('d')) return null;
  const attributes = Object.entries(allowed).flatMap(([name, pattern]) => {
    const value = found.get(name)?.trim();
    if (value === undefined || !pattern.test(value)) return [];
    const plain = name === 'd' ? value.replaceAll(/\s+/g, ' ') : value.replace(/px$/, '');
    if (plain === common[name] || (name === 'fill' && plain === 'none')) return [];
    return [`${name}="${plain.toUpperCase() === ink ? 'currentColor' : plain}"`];
  });
  return attributes.some((one) => one.startsWith('d=')) ? `<path ${attributes.join(' ')}/>` : null;
}

function splitAt(text: string, mark: string): [string, string] {
  const place = text.indexOf(mark);
  return place < 0 ? [text, ''] : [text.slice(0, place).trim(), text.slice(place + 1).trim()];
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
