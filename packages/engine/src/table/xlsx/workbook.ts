import { EngineError } from '../../engineError.ts';
import { packName, XmlScanner } from './xmlScanner.ts';
import type { ZipArchive } from './zipArchive.ts';

export interface SheetEntry {
  readonly name: string;
  readonly isHidden: boolean;
  /** Name of its part in the archive. */
  readonly part: string;
}

/** What the workbook says about itself: its sheets in tab order, and where strings and formats are. */
export interface Workbook {
  readonly sheets: readonly SheetEntry[];
  /** Dates count from 1904-01-01 and not from 1900. */
  readonly isDate1904: boolean;
  readonly stringsPart: string | null;
  readonly stylesPart: string | null;
}

/**
 * Reads the workbook part and its relationships (ECMA-376 part 1, 18.2; part 2, 9.3). Relationship types are
 * compared by their last word, so that the strict and the transitional dialect both work.
 *
 * @throws EngineError FILE_KIND_UNSUPPORTED for archives that are no workbook, FILE_DAMAGED.
 */
export function readWorkbook(archive: ZipArchive): Workbook {
  const workbookPart = findWorkbookPart(archive);
  const relations = readRelations(archive, workbookPart);
  const scanner = new XmlScanner(readPart(archive, workbookPart), workbookPart);
  const sheets: SheetEntry[] = [];
  let isDate1904 = false;
  while (scanner.next()) {
    if (scanner.isClose) continue;
    if (scanner.nameIs('workbookPr')) {
      isDate1904 = ['1', 'true', 'on'].includes(scanner.attribute('date1904') ?? '');
    } else if (scanner.nameIs('sheet')) {
      const relation = relations.get(scanner.attribute('id', true) ?? '');
      // Chart sheets and dialogs stand in the same list; only worksheets hold cells.
      if (relation?.type !== 'worksheet') continue;
      sheets.push({
        name: scanner.attribute('name') ?? '',
        isHidden: (scanner.attribute('state') ?? 'visible') !== 'visible',
        part: relation.target,
      });
    }
  }
  const partOfType = (type: string) =>
    [...relations.values()].find((relation) => relation.type === type)?.target ?? null;
  return { sheets, isDate1904, stringsPart: partOfType('sharedStrings'), stylesPart: partOfType('styles') };
}

function findWorkbookPart(archive: ZipArchive): string {
  const main = [...readRelations(archive, '').values()].find((one) => one.type === 'officeDocument');
  if (main !== undefined && archive.names.includes(main.target)) {
    if (main.target.endsWith('.bin')) throw unsupported('a binary Excel workbook (.xlsb)');
    if (/(^|\/)workbook[^/]*\.xml$/i.test(main.target) || main.target.startsWith('xl/')) return main.target;
    if (main.target.startsWith('word/')) throw unsupported('a Word document');
    if (main.target.startsWith('ppt/')) throw unsupported('a PowerPoint presentation');
  }
  if (archive.names.includes('xl/workbook.xml')) return 'xl/workbook.xml';
  if (archive.names.includes('mimetype')) {
    const kind = new TextDecoder().decode((archive.read('mimetype') ?? new Uint8Array()).subarray(0, 100));
    if (kind.includes('opendocument')) throw unsupported('an OpenDocument file');
  }
  throw unsupported('a zip archive without a workbook in it');
}

function unsupported(what: string): EngineError {
  return new EngineError(
    'FILE_KIND_UNSUPPORTED',
    `The file is ${what}.`,
    {},
    'Save the table as an Excel workbook (.xlsx) or as CSV.',
  );
}

interface Relation {
  /** Last word of the relationship type, e.g. `worksheet`. */
  readonly type: string;
  /** Name of the target part in the archive. */
  readonly target: string;
}

/** Relationships of a part by id; those of the whole package for the empty name. External targets are left out. */
function readRelations(archive: ZipArchive, part: string): Map<string, Relation> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const name = `${folder}_rels/${part.slice(folder.length)}.rels`;
  const bytes = archive.read(name);
  const relations = new Map<string, Relation>();
  if (bytes === null) return relations;
  const scanner = new XmlScanner(bytes, name);
  while (scanner.next()) {
    if (scanner.isClose || !scanner.nameIs('Relationship')) continue;
    if (scanner.attribute('TargetMode') === 'External') continue;
    const type = scanner.attribute('Type') ?? '';
    relations.set(scanner.attribute('Id') ?? '', {
      type: type.slice(type.lastIndexOf('/') + 1),
      target: resolveTarget(folder, scanner.attribute('Target') ?? ''),
    });
  }
  return relations;
}

function resolveTarget(folder: string, target: string): string {
  const segments: string[] = [];
  for (const segment of (target.startsWith('/') ? target : folder + target).split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.join('/');
}

/** A part that must be there. */
export function readPart(archive: ZipArchive, name: string): Uint8Array {
  const bytes = archive.read(name);
  if (bytes === null)
    throw new EngineError('FILE_DAMAGED', `The file is damaged: its part ${name} is missing.`);
  return bytes;
}

/** What a number format makes of a number. */
export type NumberFormat = 'number' | 'percent' | 'date' | 'time';

const dateFormats = new Set([
  14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58,
]);
const timeFormats = new Set([18, 19, 20, 21, 32, 33, 45, 46, 47]);

/** Number format of each cell style (ECMA-376 part 1, 18.8.30 for the built-in ones). */
export function readNumberFormats(archive: ZipArchive, stylesPart: string | null): readonly NumberFormat[] {
  const bytes = stylesPart === null ? null : archive.read(stylesPart);
  if (bytes === null || stylesPart === null) return [];
  const scanner = new XmlScanner(bytes, stylesPart);
  const custom = new Map<string, NumberFormat>();
  const formats: NumberFormat[] = [];
  let isInCellFormats = false;
  while (scanner.next()) {
    if (scanner.nameIs('cellXfs')) isInCellFormats = !scanner.isClose;
    if (scanner.isClose) continue;
    if (scanner.nameIs('numFmt')) {
      custom.set(scanner.attribute('numFmtId') ?? '', classifyFormat(scanner.attribute('formatCode') ?? ''));
    } else if (isInCellFormats && scanner.name === xf) {
      const id = scanner.attribute('numFmtId') ?? '0';
      formats.push(custom.get(id) ?? classifyBuiltIn(Number(id)));
    }
  }
  return formats;
}

const xf = packName('xf');

function classifyBuiltIn(id: number): NumberFormat {
  if (dateFormats.has(id)) return 'date';
  if (timeFormats.has(id)) return 'time';
  return id === 9 || id === 10 ? 'percent' : 'number';
}

/** Judges the first section of a format code by its letters outside quotes, escapes and colour or locale brackets. */
function classifyFormat(code: string): NumberFormat {
  const bare = code
    .replace(/"[^"]*"?|\\.|_.|\*./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]?/gi, '')
    .split(';', 1)[0]!
    .toLowerCase();
  if (bare.includes('general') || /[0#?]e[+-]/.test(bare)) return 'number';
  if (/[yd]/.test(bare) || /mmm/.test(bare)) return 'date';
  if (/[hs]/.test(bare) || /\[m+\]/.test(bare)) return 'time';
  return bare.includes('%') ? 'percent' : 'number';
}
