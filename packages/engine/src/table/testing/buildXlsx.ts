import { columnLetters } from '../xlsx/sheetGrid.ts';
import { buildZip, type ZipPart } from './buildZip.ts';

/** A cell as a test writes it: a value, a value with a style, or the XML inside `<c>`. */
export type CellSpec =
  | string
  | number
  | boolean
  | null
  | { readonly value: number; readonly style: number }
  | { readonly xml: string };

export interface SheetSpec {
  readonly name: string;
  readonly state?: 'hidden' | 'veryHidden';
  readonly rows?: readonly (readonly CellSpec[])[];
  /** Merged ranges, e.g. `A1:C1`. */
  readonly merges?: readonly string[];
  /** The whole worksheet part instead of `rows`. */
  readonly xml?: string;
}

export interface WorkbookSpec {
  readonly sheets: readonly SheetSpec[];
  readonly isDate1904?: boolean;
  readonly sharedStrings?: string;
  /** Prefix of all elements of the main namespace. */
  readonly prefix?: string;
  readonly extraParts?: readonly ZipPart[];
  readonly workbookPart?: string;
  /** Packs a part; parts are stored without it. */
  readonly deflate?: (bytes: Uint8Array) => Uint8Array;
  readonly isZip64?: boolean;
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** Styles of the test workbooks: 1 date, 2 date and time, 3 percent, 4 duration, 5 a custom date, 6 a number. */
const styles = `<styleSheet xmlns="${main}"><numFmts count="3"><numFmt numFmtId="164" formatCode="[h]:mm:ss"/>
<numFmt numFmtId="165" formatCode="dd\\.mm\\.yyyy;@"/><numFmt numFmtId="166" formatCode="[Red]&quot;day&quot;0.00"/></numFmts>
<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="7"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/>
<xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>`;

/** Writes an Excel workbook for tests. */
export function buildXlsx(spec: WorkbookSpec): Uint8Array<ArrayBuffer> {
  const text = (name: string, content: string): ZipPart => {
    const bytes = new TextEncoder().encode(content);
    return { name, bytes, ...(spec.deflate !== undefined && { packed: spec.deflate(bytes) }) };
  };
  const p = spec.prefix === undefined ? '' : `${spec.prefix}:`;
  const xmlns = spec.prefix === undefined ? `xmlns="${main}"` : `xmlns:${spec.prefix}="${main}"`;
  const workbookPart = spec.workbookPart ?? 'xl/workbook.xml';
  const folder = workbookPart.slice(0, workbookPart.lastIndexOf('/') + 1);
  const sheets = spec.sheets.map(({ name, state }, i) => {
    const visibility = state === undefined ? '' : ` state="${state}"`;
    return `<${p}sheet name="${escapeXml(name)}" sheetId="${i + 1}"${visibility} r:id="rId${i + 1}"/>`;
  });
  const targets = spec.sheets.map((_, i) =>
    relation(`rId${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`),
  );
  targets.push(relation('rIdS', 'styles', 'styles.xml'));
  if (spec.sharedStrings !== undefined) targets.push(relation('rIdT', 'sharedStrings', 'sharedStrings.xml'));
  const parts: ZipPart[] = [
    text(
      '[Content_Types].xml',
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    ),
    text(
      '_rels/.rels',
      `<Relationships xmlns="${packageRelations}">${relation('r1', 'officeDocument', `/${workbookPart}`)}</Relationships>`,
    ),
    text(
      workbookPart,
      `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<${p}workbook ${xmlns} xmlns:r="${relations}">` +
        `<${p}workbookPr${spec.isDate1904 === true ? ' date1904="1"' : ''}/><${p}sheets>${sheets.join('')}</${p}sheets></${p}workbook>`,
    ),
    text(
      `${folder}_rels/${workbookPart.slice(folder.length)}.rels`,
      `<Relationships xmlns="${packageRelations}">${targets.join('')}</Relationships>`,
    ),
    text(`${folder}styles.xml`, styles),
    ...spec.sheets.map((sheet, i) =>
      text(`${folder}worksheets/sheet${i + 1}.xml`, sheet.xml ?? sheetXml(sheet, p, xmlns)),
    ),
    ...(spec.sharedStrings === undefined ? [] : [text(`${folder}sharedStrings.xml`, spec.sharedStrings)]),
    ...(spec.extraParts ?? []),
  ];
  return buildZip(parts, spec.isZip64 ?? false);
}

function relation(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="${relations}/${type}" Target="${target}"/>`;
}

function sheetXml(sheet: SheetSpec, p: string, xmlns: string): string {
  const rows = (sheet.rows ?? []).map((cells, i) => {
    const written = cells.map((cell, j) => cellXml(cell, `${columnLetters(j)}${i + 1}`, p));
    return `<${p}row r="${i + 1}">${written.join('')}</${p}row>`;
  });
  const merges = (sheet.merges ?? []).map((range) => `<${p}mergeCell ref="${range}"/>`);
  return (
    `<?xml version="1.0" encoding="UTF-8"?><${p}worksheet ${xmlns}><${p}dimension ref="A1:XFD1048576"/><${p}sheetData>${rows.join('')}</${p}sheetData>` +
    `${merges.length > 0 ? `<${p}mergeCells>${merges.join('')}</${p}mergeCells>` : ''}</${p}worksheet>`
  );
}

function cellXml(cell: CellSpec, address: string, p: string): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<${p}c r="${address}"><${p}v>${cell}</${p}v></${p}c>`;
  if (typeof cell === 'boolean') return `<${p}c r="${address}" t="b"><${p}v>${cell ? 1 : 0}</${p}v></${p}c>`;
  if (typeof cell === 'string')
    return `<${p}c r="${address}" t="inlineStr"><${p}is><${p}t xml:space="preserve">${escapeXml(cell)}</${p}t></${p}is></${p}c>`;
  if ('xml' in cell) return cell.xml.replace('ADDRESS', address);
  return `<${p}c r="${address}" s="${cell.style}"><${p}v>${cell.value}</${p}v></${p}c>`;
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
