/** The other programs: asked a cell at a time, answers kept by version, data hash and budget in a folder outside the repository. */
import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Table } from '@athanor/engine';
import type { NumericColumn } from '../../packages/engine/src/table/column.ts';
import { cacheFolder, pythonEnvironment } from '../pythonEnvironment.ts';
import type { LoadedCell } from './cells.ts';

export interface PeerScores {
  readonly rmse: number;
  readonly crps: number;
  readonly nll: number | null;
  readonly coverage90: number | null;
  readonly seconds: number;
}

/** Package whose version an answer depends on, by peer. */
export const peerPackages: Readonly<Record<string, string>> = {
  'sklearn-gp': 'scikit-learn',
  'sklearn-forest': 'scikit-learn',
  'sklearn-boosting': 'scikit-learn',
  flaml: 'flaml',
  'autogluon-medium': 'autogluon.tabular',
  'autogluon-best': 'autogluon.tabular',
};

const here = import.meta.dirname;

/** Path of a Python with the peers, AutoGluon's neural networks among them. @throws when pip or the C compiler fails. */
export function peerPython(): string {
  return pythonEnvironment('bench-sessions', here, [
    'autogluon.tabular',
    'flaml',
    'torch',
    'fastai.tabular.all',
  ]);
}

/** Version of each peer's package. */
export function peerVersions(python: string): Record<string, string> {
  const packages = [...new Set(Object.values(peerPackages))];
  const code = `import json, importlib.metadata as m; print(json.dumps({p: m.version(p) for p in ${JSON.stringify(packages)}}))`;
  return JSON.parse(execFileSync(python, ['-c', code], { encoding: 'utf8' })) as Record<string, string>;
}

interface PeerProcess {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  readonly budget: number | null;
  /** Takes the answer to what this process was asked: its own, since one that was closed ends while the next works. */
  waiting: ((line: string) => void) | null;
}

/** One of the other programs, started with its first question. */
export class Peer {
  readonly name: string;
  readonly #python: string;
  readonly #version: string;
  readonly #budget: (cell: LoadedCell) => number | null;
  #child: PeerProcess | null = null;

  constructor(
    name: string,
    python: string,
    versions: Readonly<Record<string, string>>,
    budget: (cell: LoadedCell) => number | null,
  ) {
    this.name = name;
    this.#python = python;
    this.#version = versions[peerPackages[name]!]!;
    this.#budget = budget;
  }

  /** @param isFresh to run it even where an answer is known, so that times are those of now; null where it failed */
  async score(cell: LoadedCell, isFresh: boolean): Promise<PeerScores | null> {
    const path = this.#pathOf(cell);
    if (!isFresh && existsSync(path)) return this.known(cell);
    const answer = await this.#ask(cell, this.#budget(cell));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, answer);
    return readAnswer(answer);
  }

  /** The answer kept from an earlier call; null without one. */
  known(cell: LoadedCell): PeerScores | null {
    const path = this.#pathOf(cell);
    return existsSync(path) ? readAnswer(readFileSync(path, 'utf8')) : null;
  }

  #pathOf(cell: LoadedCell): string {
    const folder = `${this.name}-${this.#version}-${this.#budget(cell) ?? 'free'}`;
    return join(cacheFolder, 'bench-sessions', folder, `${cell.hash}.json`);
  }

  close(): void {
    this.#child?.process.stdin.end();
    this.#child = null;
  }

  #ask(cell: LoadedCell, budget: number | null): Promise<string> {
    if (this.#child?.budget !== budget) this.close();
    this.#child ??= this.#start(budget);
    const child = this.#child;
    return new Promise((resolve) => {
      child.waiting = resolve;
      child.process.stdin.write(`${JSON.stringify(describeWork(cell))}\n`);
    });
  }

  #start(budget: number | null): PeerProcess {
    const args = [join(here, 'peers.py'), this.name, ...(budget === null ? [] : [String(budget)])];
    const threads = Object.fromEntries(
      ['OMP', 'OPENBLAS', 'MKL'].map((name) => [`${name}_NUM_THREADS`, '2']),
    );
    const running = spawn(this.#python, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, ...threads },
    });
    const child: PeerProcess = { process: running, budget, waiting: null };
    const settle = (line: string): void => {
      child.waiting?.(line);
      child.waiting = null;
    };
    createInterface({ input: running.stdout }).on('line', settle);
    running.on('exit', () => settle(JSON.stringify({ failure: 'the process ended' })));
    return child;
  }
}

function readAnswer(text: string): PeerScores | null {
  const answer = JSON.parse(text) as PeerScores | { failure: string };
  if (!('failure' in answer)) return answer;
  console.error(`  failed: ${answer.failure}`);
  return null;
}

function describeWork({ training, test, target }: LoadedCell): object {
  const valuesOf = (table: Table): number[] => [
    ...(table.columns.find(({ key }) => key === target) as NumericColumn).values,
  ];
  return {
    training: columnsOf(training, target),
    y: valuesOf(training),
    test: columnsOf(test, target),
    truth: valuesOf(test),
  };
}

function columnsOf(table: Table, target: string): object {
  return Object.fromEntries(
    table.columns
      .filter(({ key }) => key !== target)
      .map((column) => [
        column.key,
        column.kind === 'numeric'
          ? ['numeric', Array.from(column.values, (value) => (Number.isNaN(value) ? null : value))]
          : ['text', Array.from(column.codes, (code) => (code < 0 ? null : column.levels[code]!))],
      ]),
  );
}
