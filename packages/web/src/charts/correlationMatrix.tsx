import { colorAt } from './colorAt.ts';
import { inkOn } from './inkOn.ts';
import { usePalette } from './palette.ts';

interface CorrelationMatrixProps {
  readonly names: readonly string[];
  /** [n, n], null where it cannot be told. */
  readonly matrix: readonly (readonly (number | null)[])[];
  readonly onPick: (row: number, column: number) => void;
}

/** Fields coloured by correlation; with few columns the figures are written in. */
export function CorrelationMatrix({ names, matrix, onPick }: CorrelationMatrixProps) {
  const palette = usePalette();
  const hasFigures = names.length <= 14;
  return (
    <div style={{ overflow: 'auto' }} tabIndex={0} role="region" aria-label="Matrix of correlations">
      <table className="correlations numeric" style={{ minWidth: 120 + names.length * 33 }}>
        <colgroup>
          <col style={{ width: 116 }} />
        </colgroup>
        <thead>
          <tr>
            <td />
            {names.map((name, j) => (
              <th key={j} scope="col" title={name}>
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name, i) => (
            <tr key={i}>
              <th scope="row" title={name}>
                {name}
              </th>
              {names.map((other, j) => {
                const value = matrix[i]?.[j] ?? null;
                const color = value === null ? 'transparent' : colorAt(palette.diverging, (value + 1) / 2);
                const figure = value === null ? '–' : value.toFixed(2).replace('-', '−');
                return (
                  <td key={j}>
                    {i === j ? null : (
                      <button
                        type="button"
                        onClick={() => onPick(i, j)}
                        aria-label={`${name} and ${other}: ${figure}`}
                        title={`${name} and ${other}: ${figure}`}
                        style={{ background: color, color: value === null ? palette.text : inkOn(color) }}
                      >
                        {hasFigures ? figure : ''}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
