import {
  SessionMetrics,
  type LeaderboardEntry,
  type ModelSession,
  type TargetMetrics,
} from '@athanor/schema';
import { formatNumber } from './formatNumber.ts';
import { formatTable } from './formatTable.ts';
import { wrapText } from './wrapText.ts';

/** The leaderboards of a built session as text; a line that says so for one that is not built. */
export function describeSession(session: ModelSession, width: number): string {
  const metrics = SessionMetrics.safeParse(session.Registry?.Metrics);
  const head = [
    `${session.id}  ${session.name}`,
    `${session.state}${session.totalTime === undefined ? '' : ` in ${session.totalTime}`}, dataset ${session.datasetId}`,
  ].join('\n');
  if (!metrics.success) return `${head}\nNo metrics yet.`;
  const parts = [head, ...metrics.data.targets.map((target) => describeTarget(target, width))];
  if (metrics.data.defaultModel !== null) {
    parts.push(wrapText(`Default model: ${metrics.data.defaultModel}. ${metrics.data.defaultReason}`, width));
  }
  return parts.join('\n\n');
}

function describeTarget(target: TargetMetrics, width: number): string {
  const title = `${target.target}   ${target.rows} rows in ${target.groups} groups, ${target.folds} folds × ${target.repeats}`;
  const table = formatTable(
    [
      { title: ' ' },
      { title: 'model' },
      { title: 'RMSE', align: 'right' },
      { title: 'MAE', align: 'right' },
      { title: 'R²', align: 'right' },
      { title: 'CRPS', align: 'right' },
      { title: '90 % cover', align: 'right' },
      { title: 'fit', align: 'right' },
    ],
    target.leaderboard.map(describeEntry),
  );
  const notes = target.warnings.map((warning) => `  ! ${warning.message}`);
  if (target.noiseCeilingR2 !== null && target.pureError !== null) {
    notes.unshift(
      `  Repeats differ by ${formatNumber(target.pureError)} (standard deviation): the noise leaves an R² of about ${target.noiseCeilingR2.toFixed(2)} to reach.`,
    );
  }
  return [wrapText(title, width, '  '), table, ...notes.map((note) => wrapText(note, width, '    '))].join(
    '\n',
  );
}

function describeEntry({ model, isDefault, metrics }: LeaderboardEntry): string[] {
  const at90 = metrics.coverage.find(({ level }) => level === 0.9);
  return [
    isDefault ? '▸' : ' ',
    model,
    formatNumber(metrics.rmse),
    formatNumber(metrics.mae),
    metrics.r2.toFixed(3),
    formatNumber(metrics.crps),
    at90 === undefined ? '–' : `${(at90.observed * 100).toFixed(1)} %`,
    `${formatNumber(metrics.fitSeconds, 2)} s`,
  ];
}
