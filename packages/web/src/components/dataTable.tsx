import type { CellValue, Variable } from '@athanor/schema';
import { useQueries } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { rowsPerPage, rowsQuery } from '../api.ts';
import { formatNumber } from '../numbers/formatNumber.ts';

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
const spareRows = 8;
const sparePixels = 200;

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
  const [scroll, setScroll] = useState({ top: 0, left: 0, height: 600, width: 1000 });

  const byKey = useMemo(() => new Map(variables.map((variable) => [variable.key, variable])), [variables]);
  const lefts = useMemo(() => {
    const places = [numberWidth];
    for (const key of columns) places.push(places.at(-1)! + columnWidth(key, byKey.get(key)));
    return places;
  }, [columns, byKey]);

  useLayoutEffect(() => {
    const element = view.current!;
    const measure = (): void => {
      setScroll({
        top: element.scrollTop,
        left: element.scrollLeft,
        height: element.clientHeight,
        width: element.clientWidth,
      });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);

  const firstMarked = markedRows[0];
  useEffect(() => {
    if (firstMarked === undefined) return;
    const column = markedColumn === null ? -1 : columns.indexOf(markedColumn);
    view.current?.scrollTo({
      top: Math.max(0, (firstMarked - 4) * rowHeight),
      left: column < 0 ? 0 : Math.max(0, lefts[column]! - numberWidth - 40),
    });
  }, [firstMarked, markedColumn, columns, lefts]);

  const from = Math.max(0, Math.floor(scroll.top / rowHeight) - spareRows);
  const to = Math.min(rowCount, Math.ceil((scroll.top + scroll.height) / rowHeight) + spareRows);
  const shown: number[] = [];
  for (let j = 0; j < columns.length; j++) {
    if (lefts[j + 1]! > scroll.left - sparePixels && lefts[j]! < scroll.left + scroll.width + sparePixels)
      shown.push(j);
  }
  const pages: number[] = [];
  for (let page = Math.floor(from / rowsPerPage); page * rowsPerPage < to; page++) pages.push(page);
  const answers = useQueries({ queries: pages.map((page) => rowsQuery(datasetId, page)) });
  const cellsOf = (i: number): readonly CellValue[] | undefined => {
    const page = Math.floor(i / rowsPerPage);
    return answers[pages.indexOf(page)]?.data?.rows[i - page * rowsPerPage];
  };
  const marked = new Set(markedRows);
  const width = lefts.at(-1)!;

  return (
    <div
      ref={view}
      className="dataTable"
      role="table"
      aria-label="The table as it was read"
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length + 1}
      tabIndex={0}
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
          {shown.map((j) => (
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
        {Array.from({ length: Math.max(0, to - from) }, (_, k) => from + k).map((i) => (
          <Row
            key={i}
            index={i}
            cells={cellsOf(i)}
            shown={shown}
            lefts={lefts}
            columns={columns}
            byKey={byKey}
            isMarked={marked.has(i + 1)}
            markedColumn={markedColumn}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly index: number;
  readonly cells: readonly CellValue[] | undefined;
  readonly shown: readonly number[];
  readonly lefts: readonly number[];
  readonly columns: readonly string[];
  readonly byKey: ReadonlyMap<string, Variable>;
  readonly isMarked: boolean;
  readonly markedColumn: string | null;
}

function Row({ index, cells, shown, lefts, columns, byKey, isMarked, markedColumn }: RowProps) {
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
      {shown.map((j) => {
        const value = cells?.[j];
        const isNumber = byKey.get(columns[j]!)?.dataType === 'numeric';
        const isMarkedCell = isMarked && (markedColumn === null || markedColumn === columns[j]);
        return (
          <div
            key={j}
            role="cell"
            aria-colindex={j + 2}
            className={`cell${isNumber ? ' number' : ''}${isMarkedCell ? ' marked' : ''}`}
            style={{ left: lefts[j]!, width: lefts[j + 1]! - lefts[j]! }}
          >
            {cells === undefined ? '…' : cellText(value)}
          </div>
        );
      })}
    </div>
  );
}

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
          {variable?.unit ?? (isNumber ? ' ' : 'text')}
        </span>
      </span>
    </div>
  );
}

function cellText(value: CellValue | undefined): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'number' ? formatNumber(value, 6, { isExact: true }) : String(value);
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
