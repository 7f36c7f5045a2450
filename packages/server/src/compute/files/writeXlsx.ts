import type { CandidateTable } from '@athanor/engine';
import { writeZip } from './writeZip.ts';

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Styles of cells, by place in the list below. */
const style = { header: 1, text: 2 } as const;

/**
 * A table as a workbook of one sheet (ECMA-376, Part 1), numbers as numbers and text as text. No cell is a formula; text
 * that looks like one is marked as text once more, so that it stays text when somebody edits the cell.
 */
export function writeXlsx({ header, rows }: CandidateTable, sheet: string): Uint8Array<ArrayBuffer> {
  const cells = [
    header.map((name, j) => textCell(name, j, 1, style.header)),
    ...rows.map((row, i) => row.map((value, j) => cell(value, j, i + 2))),
  ];
  const lines = cells.map((line, i) => `<row r="${i + 1}">${line.join('')}</row>`);
  const widths = header.map((name, j) => {
    const width = Math.min(40, Math.max(8, name.length + 2));
    return `<col min="${j + 1}" max="${j + 1}" width="${width}" customWidth="1"/>`;
  });
  const parts: Record<string, string> = {
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      '<Default Extension="xml" ContentType="application/xml"/>' +
      `<Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>` +
      `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/>` +
      `<Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/></Types>`,
    '_rels/.rels': relationships([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml':
      `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>` +
      `<sheet name="${escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships([
      ['worksheet', 'worksheets/sheet1.xml'],
      ['styles', 'styles.xml'],
    ]),
    'xl/styles.xml':
      `<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>` +
      '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
      '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
      '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
      '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
      '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>' +
      '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs>' +
      '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    'xl/worksheets/sheet1.xml':
      `<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0">` +
      '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
      `<cols>${widths.join('')}</cols><sheetData>${lines.join('')}</sheetData></worksheet>`,
  };
  const encoder = new TextEncoder();
  return writeZip(
    Object.entries(parts).map(([name, text]) => ({ name, bytes: encoder.encode(head + text) })),
  );
}

function relationships(list: readonly (readonly [type: string, target: string])[]): string {
  const lines = list.map(
    ([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${office}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${relations}">${lines.join('')}</Relationships>`;
}

function cell(value: CandidateTable['rows'][number][number], column: number, row: number): string {
  if (value === null) return '';
  const place = columnName(column) + row;
  if (typeof value === 'number' && Number.isFinite(value)) return `<c r="${place}"><v>${value}</v></c>`;
  if (typeof value === 'boolean') return `<c r="${place}" t="b"><v>${value ? 1 : 0}</v></c>`;
  const text = String(value);
  return textCell(text, column, row, /^[\s\u00a0]*[=+\-@\t\r\n]/.test(text) ? style.text : 0);
}

function textCell(text: string, column: number, row: number, styleIndex: number): string {
  const place = columnName(column) + row;
  return `<c r="${place}" s="${styleIndex}" t="inlineStr"><is><t xml:space="preserve">${escape(text)}</t></is></c>`;
}

/** A, B, … Z, AA, … for 0, 1, … */
function columnName(column: number): string {
  let name = '';
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26))
    name = String.fromCharCode(65 + ((n - 1) % 26)) + name;
  return name;
}

/** Characters that XML cannot hold become the replacement character. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}
