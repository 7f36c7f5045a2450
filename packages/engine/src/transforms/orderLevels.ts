/** Words that name steps of a scale, least first; words of one step stand together. */
const scales: readonly (readonly (readonly string[])[])[] = [
  [
    ['lowest', 'min', 'minimum'],
    ['very low', 'verylow', 'extra low'],
    ['low', 'lo'],
    ['medium low', 'mid low'],
    ['medium', 'mid', 'middle', 'med', 'moderate', 'normal', 'average'],
    ['medium high', 'mid high'],
    ['high', 'hi'],
    ['very high', 'veryhigh', 'extra high'],
    ['highest', 'max', 'maximum'],
  ],
  [
    ['xxs'],
    ['very small', 'tiny', 'xs'],
    ['small', 's'],
    ['medium', 'mid', 'middle', 'med', 'm'],
    ['large', 'big', 'l'],
    ['very large', 'xl'],
    ['xxl'],
  ],
  [
    ['none', 'no', 'absent', 'nil'],
    ['trace', 'traces', 'very weak', 'very slight', 'minimal'],
    ['slight', 'weak', 'mild', 'light', 'little', 'low'],
    ['moderate', 'medium', 'some'],
    ['strong', 'heavy', 'high', 'much'],
    ['very strong', 'severe', 'very heavy', 'extreme'],
  ],
  [
    ['very poor', 'very bad', 'terrible'],
    ['poor', 'bad'],
    ['fair', 'ok', 'okay', 'acceptable', 'average', 'medium'],
    ['good'],
    ['very good'],
    ['excellent', 'best'],
  ],
  [['very fine', 'extra fine'], ['fine'], ['medium'], ['coarse'], ['very coarse', 'extra coarse']],
  [['very slow'], ['slow'], ['medium', 'moderate', 'normal'], ['fast', 'quick'], ['very fast']],
  [['very short'], ['short'], ['medium', 'normal'], ['long'], ['very long']],
  [['very thin'], ['thin'], ['medium', 'normal'], ['thick'], ['very thick']],
  [['very soft'], ['soft'], ['medium'], ['hard'], ['very hard']],
  [['cold', 'cool'], ['lukewarm'], ['warm'], ['hot'], ['very hot']],
  [['never'], ['rarely', 'seldom'], ['sometimes'], ['often'], ['always']],
];

/**
 * The levels in the order their texts speak of, least first: steps of a known scale ("low", "medium", "high"), or
 * ranges of numbers with one unit ("<5 um", "5-10 um", ">10 um"). Null where they speak of none, two mean the same
 * step, or there are fewer than three, which have no order beyond their difference.
 */
export function orderLevels(levels: readonly string[]): string[] | null {
  if (levels.length < 3) return null;
  const words = levels.map((level) =>
    level
      .toLowerCase()
      .replace(/[\s_-]+/g, ' ')
      .trim(),
  );
  for (const steps of scales) {
    const places = words.map((word) => steps.findIndex((step) => step.includes(word)));
    if (!places.includes(-1)) return sortBy(levels, places);
  }
  const places = levels.map(readRange);
  const [first] = places;
  if (first === undefined || first === null) return null;
  const middles = places.map((place) => (place !== null && place.unit === first.unit ? place.middle : NaN));
  return middles.some(Number.isNaN) ? null : sortBy(levels, middles);
}

const number = '[-+]?\\d+(?:\\.\\d+)?';
const closedRange = new RegExp(`^(${number})\\s*(?:-|–|to|\\.\\.)\\s*(${number})\\s*([^\\d\\s]*)$`);
const openRange = new RegExp(`^(<=?|>=?|≤|≥|under|over|up to|above|below)\\s*(${number})\\s*([^\\d\\s]*)$`);

/** The middle of a range, one without an end being just beyond its bound; null for another text. */
function readRange(level: string): { middle: number; unit: string } | null {
  const text = level.trim().toLowerCase();
  const closed = closedRange.exec(text);
  if (closed !== null) return { middle: (Number(closed[1]) + Number(closed[2])) / 2, unit: closed[3]! };
  const open = openRange.exec(text);
  if (open === null) return null;
  const bound = Number(open[2]);
  const isBelow = ['<', '<=', '≤', 'under', 'up to', 'below'].includes(open[1]!);
  const step = 1e-9 * Math.max(1, Math.abs(bound));
  return { middle: isBelow ? bound - step : bound + step, unit: open[3]! };
}

function sortBy(levels: readonly string[], places: readonly number[]): string[] | null {
  if (new Set(places).size < levels.length) return null;
  return [...levels.keys()].sort((a, b) => places[a]! - places[b]!).map((i) => levels[i]!);
}
