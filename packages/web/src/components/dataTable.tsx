import type { CellValue, Variable } from '@athanor/schema';
import { useQueries } from '@tanstack/react-query';
import { memo, type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { rowsPerPage, rowsQuery } from '../api.ts';
import { isDateUnit } from '../numbers/formatDate.ts';
import { formatValue } from '../numbers/formatValue.ts';
import { MoleculeDrawing } from './moleculeDrawing.tsx';

interface DataTableProps {
  readonly datasetId: string;
  readonly columns: readonly string[];
  readonly variables: readonly Variable[];
  readonly rowCount: number;
  /** 1-based rows to mark; the first is brought into view. */
  readonly markedRows: readonly number[];
  readonly markedColumn: string | null;
}

const rowHeight = 30;
const headerHeight = 62;
const numberWidth = 64;
/** Rows and columns kept ready beyond the edges of the view. */
const spareRows = 6;
const sparePixels = 120;
const stepRows = 8;

/** Rows and columns that exist at the moment; ends are not included. */
interface Shown {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly end: number;
}

/** The table as it was read, of any size: only what is in view exists, and rows are fetched as they come near. */
export function DataTable({
  datasetId,
  columns,
  variables,
  rowCount,
  markedRows,
  markedColumn,
}: DataTableProps) {
  const view = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<Shown>({ from: 0, to: 0, first: 0, end: 0 });
  const [pointed, setPointed] = useState<{ smiles: string; left: number; top: number } | null>(null);

  const byKey = useMemo(() => new Map(variables.map((variable) => [variable.key, variable])), [variables]);
  const lefts = useMemo(() => {
    const places = [numberWidth];
    for (const key of columns) places.push(places.at(-1)! + columnWidth(key, byKey.get(key)));
    return places;
  }, [columns, byKey]);

  useLayoutEffect(() => {
    const element = view.current!;
    const measure = (): void => {
      const { scrollTop, scrollLeft, clientHeight, clientWidth } = element;
      const from = Math.max(0, Math.floor(scrollTop / rowHeight) - spareRows);
      const to = Math.min(rowCount, Math.ceil((scrollTop + clientHeight) / rowHeight) + spareRows);
      let first = 0;
      while (first + 1 < columns.length && lefts[first + 1]! < scrollLeft - sparePixels) first++;
      let end = first + 1;
      while (end < columns.length && lefts[end]! < scrollLeft + clientWidth + sparePixels) end++;
      // Rows in steps, so that most movements change nothing.
      const next = {
        from: from - (from % stepRows),
        to: Math.min(rowCount, to + stepRows - (to % stepRows)),
        first,
        end,
      };
      setShown((now) => (isSame(now, next) ? now : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, [columns, lefts, rowCount]);

  const firstMarked = markedRows[0];
  useEffect(() => {
    if (firstMarked === undefined) return;
    const column = markedColumn === null ? -1 : columns.indexOf(markedColumn);
    view.current?.scrollTo({
      top: Math.max(0, (firstMarked - 4) * rowHeight),
      left: column < 0 ? 0 : Math.max(0, lefts[column]! - numberWidth - 40),
    });
  }, [firstMarked, markedColumn, columns, lefts]);

  const { from, to, first, end } = shown;
  const pages: number[] = [];
  for (let page = Math.floor(from / rowsPerPage); page * rowsPerPage < to; page++) pages.push(page);
  const answers = useQueries({ queries: pages.map((page) => rowsQuery(datasetId, page)) });
  const cellsOf = (i: number): readonly CellValue[] | undefined => {
    const page = Math.floor(i / rowsPerPage);
    return answers[pages.indexOf(page)]?.data?.rows[i - page * rowsPerPage];
  };
  const marked = new Set(markedRows);
  const pool = Math.max(64, to - from);
  /** A structure is drawn beside the pointer: rows are too low for it. */
  const point = (event: PointerEvent): void => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-smiles]');
    const box = cell?.getBoundingClientRect();
    if (cell === null || box === undefined) setPointed(null);
    else if (cell.dataset['smiles'] !== pointed?.smiles) {
      const isLow = box.bottom + 170 > window.innerHeight;
      setPointed({
        smiles: cell.dataset['smiles']!,
        left: Math.min(box.left, window.innerWidth - 240),
        top: isLow ? box.top - 166 : box.bottom + 4,
      });
    }
  };
  const width = lefts.at(-1)!;

  return (
    <>
      <div
        ref={view}
        className="dataTable"
        role="table"
        aria-label="The table as it was read"
        aria-rowcount={rowCount + 1}
        aria-colcount={columns.length + 1}
        tabIndex={0}
        onPointerOver={point}
        onPointerLeave={() => setPointed(null)}
        onScroll={() => pointed !== null && setPointed(null)}
        style={{ height: 'min(68vh, 720px)', minHeight: 280 }}
      >
        <div style={{ height: headerHeight + rowCount * rowHeight, width, position: 'relative' }}>
          <div className="headerRow" role="row" aria-rowindex={1} style={{ height: headerHeight, width }}>
            <div
              role="columnheader"
              aria-colindex={1}
              className="cell rowNumber"
              style={{ width: numberWidth, position: 'sticky' }}
            >
              row
            </div>
            {range(first, end).map((j) => (
              <ColumnHeader
                key={j}
                index={j}
                name={columns[j]!}
                variable={byKey.get(columns[j]!)}
                left={lefts[j]!}
                width={lefts[j + 1]! - lefts[j]!}
              />
            ))}
          </div>
          {range(from, to).map((i) => (
            <Row
              // Rows that leave on one side come in on the other: their elements stay and only say something else.
              key={i % pool}
              index={i}
              cells={cellsOf(i)}
              first={first}
              end={end}
              lefts={lefts}
              columns={columns}
              byKey={byKey}
              isMarked={marked.has(i + 1)}
              markedColumn={markedColumn}
            />
          ))}
        </div>
      </div>
      {pointed !== null && (
        <div
          className="surface pointedMolecule"
          style={{ left: pointed.left, top: pointed.top }}
          aria-hidden="true"
        >
          <MoleculeDrawing smiles={pointed.smiles} width={220} height={150} />
        </div>
      )}
    </>
  );
}

interface RowProps {
  readonly index: number;
  readonly cells: readonly CellValue[] | undefined;
  readonly first: number;
  readonly end: number;
  readonly lefts: readonly number[];
  readonly columns: readonly string[];
  readonly byKey: ReadonlyMap<string, Variable>;
  readonly isMarked: boolean;
  readonly markedColumn: string | null;
}

/** Drawn again only when something of it changes. */
const Row = memo(function Row(props: RowProps) {
  const { index, cells, first, end, lefts, columns, byKey, isMarked, markedColumn } = props;
  return (
    <div
      className="row"
      role="row"
      aria-rowindex={index + 2}
      style={{ height: rowHeight, transform: `translateY(${headerHeight + index * rowHeight}px)`, top: 0 }}
    >
      <div
        role="rowheader"
        className="cell rowNumber"
        aria-colindex={1}
        style={{ width: numberWidth, position: 'sticky' }}
      >
        {index + 1}
      </div>
      {range(first, end).map((j) => {
        const value = cells?.[j];
        const isNumber = byKey.get(columns[j]!)?.dataType === 'numeric';
        const isMarkedCell = isMarked && (markedColumn === null || markedColumn === columns[j]);
        return (
          <div
            key={j}
            role="cell"
            aria-colindex={j + 2}
            data-smiles={
              byKey.get(columns[j]!)?.dataType === 'molecular' && typeof value === 'string'
                ? value
                : undefined
            }
            className={`cell${isNumber ? ' number' : ''}${isMarkedCell ? ' marked' : ''}`}
            style={{ left: lefts[j]!, width: lefts[j + 1]! - lefts[j]! }}
          >
            {cells === undefined ? '…' : formatValue(value, byKey.get(columns[j]!)?.unit, 6)}
          </div>
        );
      })}
    </div>
  );
});

function ColumnHeader(props: {
  index: number;
  name: string;
  variable: Variable | undefined;
  left: number;
  width: number;
}) {
  const { index, name, variable, left, width } = props;
  const isNumber = variable?.dataType === 'numeric';
  return (
    <div
      role="columnheader"
      aria-colindex={index + 2}
      title={name}
      className={`cell columnHeader${isNumber ? ' number' : ''}${variable?.role === 'target' ? ' targetHeader' : ''}`}
      style={{ left, width }}
    >
      <span className="headerText" style={{ textAlign: isNumber ? 'right' : 'left' }}>
        {variable?.name ?? name}
        <br />
        <span style={{ fontWeight: 400, color: 'var(--mantine-color-dimmed)', fontSize: '0.75rem' }}>
          {isDateUnit(variable?.unit) ? 'date' : (variable?.unit ?? (isNumber ? ' ' : 'text'))}
        </span>
      </span>
    </div>
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, k) => from + k);
}

function isSame(a: Shown, b: Shown): boolean {
  return a.from === b.from && a.to === b.to && a.first === b.first && a.end === b.end;
}

/** Wide enough for the values and for the name on two lines. */
function columnWidth(key: string, variable: Variable | undefined): number {
  const name = variable?.name ?? key;
  const longestWord = name.split(/\s+/).reduce((most, word) => Math.max(most, word.length), 0);
  const nameWidth = Math.min(24, Math.max(longestWord, Math.ceil(name.length / 2) + 2));
  const valueWidth =
    variable?.levels?.slice(0, 50).reduce((most, level) => Math.max(most, level.length), 0) ?? 8;
  return Math.round(24 + Math.min(34, Math.max(nameWidth, valueWidth)) * 7.3);
}
