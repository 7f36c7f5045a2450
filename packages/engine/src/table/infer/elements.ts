const symbols =
  'H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo ' +
  'Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl ' +
  'Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og';

/** Symbols of the chemical elements. */
export const elements: ReadonlySet<string> = new Set(symbols.split(' '));

/** Elements that occur in materials; beyond curium, `No` and `Es` are rather words. */
const common: ReadonlySet<string> = new Set(symbols.split(' ').slice(0, 96));
const commonLowerCase = new Set([...common].map((symbol) => symbol.toLowerCase()));

/** Whether a name is an element's symbol, in the usual spelling or in one case throughout. */
export function isElementName(name: string): boolean {
  if (common.has(name)) return true;
  const isOneCase = name === name.toLowerCase() || name === name.toUpperCase();
  return isOneCase && commonLowerCase.has(name.toLowerCase());
}

/**
 * Whether a name contains the formula of a compound as a word: `AgNO3`, `TiO2`, `Ca(OH)2`, `Al0.25CoFeNi`, `q agno3`. Letters
 * alone could be any abbreviation, so there has to be a count, a two-letter element, or a hydroxide.
 */
export function hasFormula(name: string): boolean {
  return name.split(/[\s_]+/).some(isFormula);
}

const maxFormulaLength = 60;
const diatomic = new Set(['H2', 'N2', 'O2', 'O3', 'F2', 'Cl2', 'Br2', 'I2']);

function isFormula(word: string): boolean {
  if (word.length > maxFormulaLength || word.length < 2) return false;
  if (diatomic.has(word)) return true;
  // A count of one is not written; K1C is a fracture toughness.
  if (/^[A-Z]1[A-Z]$/.test(word)) return false;
  if (!/[\da-z]/.test(word) && !/^[A-Z][a-z]?OH$/.test(word)) return false;
  // Without capitals only something that has a count can be told from a word.
  const isLowerCase = word === word.toLowerCase();
  if (isLowerCase && (!/[a-z].*\d/.test(word) || word.length < 4)) return false;
  const symbols = isLowerCase ? commonLowerCase : elements;
  let at = 0;
  let elementCount = 0;
  let hasLongSymbol = false;
  let depth = 0;
  while (at < word.length) {
    const character = word[at]!;
    if (character === '(' || character === '[') depth++;
    else if (character === ')' || character === ']') depth--;
    else if (/[\d.]/.test(character)) {
      if (at === 0) return false;
    } else if (character !== '·' && character !== '-') {
      if (symbols.has(word.slice(at, at + 2)) && at + 1 < word.length) {
        hasLongSymbol = true;
        at++;
      } else if (!symbols.has(character)) return false;
      elementCount++;
    }
    if (depth < 0) return false;
    at++;
  }
  // fc28 is a strength after 28 days: two letters that happen to be elements are not enough without capitals.
  if (isLowerCase && !hasLongSymbol && elementCount < 3) return false;
  return depth === 0 && elementCount >= 2;
}
