/**
 * Our automatic session against AutoGluon, FLAML and scikit-learn on the same grouped splits. Prints a line a cell and
 * program, means by size, and one JSON line with the figures and how many cells they rest on.
 *
 *   npm run bench:sessions -- [--cells text,text] [--sizes 30,60,120,full] [--splits 0,1] [--peers name,name]
 *                             [--flaml-seconds 60] [--autogluon-seconds 60] [--times] [--cached] [--no-concrete] [--no-esol]
 *                             [--no-seconds] [--python path]
 *
 * Three figures rest on no cell: ten folds of concrete, ESOL (the Gaussian process, three draws), and seconds of two sessions.
 * `--cells` takes cells whose name holds one of the texts; `--peers none` runs ours alone. Answers of peers are kept by
 * version, data and budget, so that a later call needs only what is new; `--times` runs them afresh and compares times, `--cached` takes
 * only what is known.
 * Tables are read from ../shared/data beside the repository.
 */
import { parseArgs } from 'node:util';
import { measureMolecules } from '../gp/molecules.ts';
import { buildSession } from './buildSession.ts';
import { listCells, loadCell, type LoadedCell } from './cells.ts';
import { measureConcrete, measureSeconds } from './fixedFigures.ts';
import { Peer, peerPackages, peerPython, peerVersions, type PeerScores } from './peers.ts';
import { scoreModel, type TestScores } from './scoreModel.ts';
import { summarize, type CellResult } from './summarize.ts';

const { values: options } = parseArgs({
  options: {
    cells: { type: 'string' },
    sizes: { type: 'string' },
    splits: { type: 'string' },
    peers: { type: 'string' },
    'flaml-seconds': { type: 'string', default: '60' },
    'autogluon-seconds': { type: 'string' },
    times: { type: 'boolean', default: false },
    cached: { type: 'boolean', default: false },
    concrete: { type: 'boolean', default: true },
    esol: { type: 'boolean', default: true },
    seconds: { type: 'boolean', default: true },
    python: { type: 'string' },
  },
  allowNegative: true,
});
const listOf = (text: string | undefined): string[] | undefined => text?.split(',');
const names = listOf(options.cells);
const sizes = listOf(options.sizes);
const splits = listOf(options.splits);
const peerNames = options.peers === 'none' ? [] : (listOf(options.peers) ?? Object.keys(peerPackages));

/** What the issue allows: AutoGluon's best gets a minute up to 120 rows and three above. */
function budgetOf(peer: string, cell: LoadedCell): number | null {
  if (peer === 'flaml') return Number(options['flaml-seconds']);
  if (!peer.startsWith('autogluon')) return null;
  if (options['autogluon-seconds'] !== undefined) return Number(options['autogluon-seconds']);
  return cell.training.rowCount <= 120 ? 60 : 180;
}

const python = peerNames.length === 0 ? '' : (options.python ?? peerPython());
const versions = peerNames.length === 0 ? {} : peerVersions(python);
const peers = peerNames.map((name) => new Peer(name, python, versions, (cell) => budgetOf(name, cell)));
const results: CellResult[] = [];
/** Draws of 80 % of the molecules that the figure of ESOL is the mean of. */
const esolDraws = 3;

console.log('cell\trows\tprogram\tRMSE\tCRPS\tNLL\tcov90\tseconds');
try {
  for (const cell of listCells()) {
    if (names !== undefined && !names.some((text) => cell.id.includes(text))) continue;
    if (sizes !== undefined && !sizes.includes(String(cell.size))) continue;
    if (splits !== undefined && !splits.includes(String(cell.split))) continue;
    const loaded = loadCell(cell);
    const { ours, seconds } = await runOurs(loaded);
    print(loaded, 'athanor', ours, seconds);
    const others: Record<string, PeerScores> = {};
    for (const peer of peers) {
      const scores = options.cached ? peer.known(loaded) : await peer.score(loaded, options.times);
      if (scores === null) continue;
      others[peer.name] = scores;
      print(loaded, peer.name, scores, scores.seconds);
    }
    results.push({ cell, rows: loaded.training.rowCount, ours, seconds, peers: others });
  }
} finally {
  for (const peer of peers) peer.close();
}
const figures = {
  ...summarize(results, options.times),
  ...(options.concrete ? await measureConcrete() : {}),
  ...(options.esol ? { esol_rmse: (await measureMolecules('esol', esolDraws)).rmse } : {}),
  ...(options.seconds ? await measureSeconds() : {}),
};
console.log(JSON.stringify({ bench: 'sessions', versions, figures }));

async function runOurs(cell: LoadedCell): Promise<{ ours: TestScores; seconds: number }> {
  const { outcome, seconds } = await buildSession(cell.training, cell.target);
  const { artifact } = outcome.models.find(({ name }) => name === outcome.metrics.defaultModel)!;
  return { ours: scoreModel(artifact, cell.test, cell.target), seconds };
}

function print(
  cell: LoadedCell,
  program: string,
  scores: Pick<PeerScores, 'rmse' | 'crps' | 'nll' | 'coverage90'>,
  seconds: number,
): void {
  const cells = [
    cell.id,
    cell.training.rowCount,
    program,
    scores.rmse.toPrecision(4),
    scores.crps.toPrecision(4),
    scores.nll?.toFixed(3) ?? '-',
    scores.coverage90?.toFixed(3) ?? '-',
    seconds.toFixed(1),
  ];
  console.log(cells.join('\t'));
}
