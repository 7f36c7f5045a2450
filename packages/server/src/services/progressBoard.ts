import type { BuildProgress, BuildState } from '@athanor/schema';
import type { NumberedLogLine } from '../store/repositories/builds.ts';
import type { Clock } from './clock.ts';

/** What followers of a session hear. */
export type BoardEvent =
  | { readonly type: 'progress' }
  | { readonly type: 'log'; readonly buildId: number; readonly entry: NumberedLogLine }
  | { readonly type: 'end'; readonly state: BuildState };

/** A task as the board knows it. */
interface BoardTask {
  readonly model: number;
  readonly target: string;
  readonly estimatedSeconds: number;
  /** Between 0 and 1. */
  fraction: number;
}

interface BuildOnBoard {
  readonly startedAt: number;
  readonly modelCount: number;
  readonly tasks: Map<string, BoardTask>;
  stage: string;
  /** Estimated seconds that were done before this process took part; they say nothing about its speed. */
  inheritedSeconds: number;
  readonly watchedSince: number;
}

/** Combining the results takes about this share of a build. */
const finishShare = 0.02;
/** The speed is told from at least this share of the work. */
const speedShare = 0.03;

/**
 * How far each build is, in memory only: exact while this process runs, told anew from the store after a restart.
 * Followers are told that something has changed and ask for what they need.
 */
export class ProgressBoard {
  readonly #clock: Clock;
  readonly #builds = new Map<number, BuildOnBoard>();
  readonly #followers = new Map<number, Set<(event: BoardEvent) => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Puts up a build with its tasks; those done already have fraction 1. */
  show(
    buildId: number,
    build: {
      readonly startedAt: number;
      readonly modelCount: number;
      readonly stage: string;
      readonly tasks: readonly {
        readonly id: string;
        readonly model: number;
        readonly target: string;
        readonly estimatedSeconds: number;
        readonly isDone: boolean;
      }[];
    },
  ): void {
    const tasks = new Map<string, BoardTask>();
    let inheritedSeconds = 0;
    for (const { id, model, target, estimatedSeconds, isDone } of build.tasks) {
      tasks.set(id, { model, target, estimatedSeconds, fraction: isDone ? 1 : 0 });
      if (isDone) inheritedSeconds += estimatedSeconds;
    }
    const { startedAt, modelCount, stage } = build;
    this.#builds.set(buildId, {
      startedAt,
      modelCount,
      tasks,
      stage,
      inheritedSeconds,
      watchedSince: this.#clock(),
    });
  }

  has(buildId: number): boolean {
    return this.#builds.has(buildId);
  }

  setStage(buildId: number, stage: string): void {
    const build = this.#builds.get(buildId);
    if (build !== undefined) build.stage = stage;
  }

  /** How much of a task is done, between 0 and 1. */
  setTask(buildId: number, taskId: string, fraction: number): void {
    const task = this.#builds.get(buildId)?.tasks.get(taskId);
    if (task !== undefined) task.fraction = fraction;
  }

  takeDown(buildId: number): void {
    this.#builds.delete(buildId);
  }

  /** Null for a build that is not on the board. */
  progressOf(buildId: number, state: BuildState): BuildProgress | null {
    const build = this.#builds.get(buildId);
    if (build === undefined) return null;
    let total = 0;
    let done = 0;
    const openModels = new Set<number>();
    const targets = new Map<string, { total: number; done: number }>();
    for (const { model, target, estimatedSeconds, fraction } of build.tasks.values()) {
      total += estimatedSeconds;
      done += estimatedSeconds * fraction;
      const ofTarget = targets.get(target) ?? { total: 0, done: 0 };
      ofTarget.total += estimatedSeconds;
      ofTarget.done += estimatedSeconds * fraction;
      targets.set(target, ofTarget);
      if (fraction < 1) openModels.add(model);
    }
    const now = this.#clock();
    const watchedSeconds = (now - build.watchedSince) / 1000;
    const doneHere = done - build.inheritedSeconds;
    const isKnown = total > 0 && doneHere / total >= speedShare && watchedSeconds > 0;
    return {
      state,
      stage: build.stage,
      modelsDone: build.tasks.size === 0 ? 0 : build.modelCount - openModels.size,
      modelsTotal: build.modelCount,
      fraction: total === 0 ? 0 : (1 - finishShare) * (done / total),
      targets: Array.from(targets, ([target, work]) => ({
        target,
        fraction: work.total === 0 ? 0 : work.done / work.total,
      })),
      elapsedSeconds: (now - build.startedAt) / 1000,
      remainingSeconds: isKnown ? ((total - done) / doneHere) * watchedSeconds : null,
    };
  }

  /** Hears everything about a session until the returned function is called. */
  follow(sessionId: number, listener: (event: BoardEvent) => void): () => void {
    const followers = this.#followers.get(sessionId) ?? new Set();
    this.#followers.set(sessionId, followers.add(listener));
    return () => {
      followers.delete(listener);
      if (followers.size === 0) this.#followers.delete(sessionId);
    };
  }

  tell(sessionId: number | null, event: BoardEvent): void {
    if (sessionId === null) return;
    for (const listener of this.#followers.get(sessionId) ?? []) listener(event);
  }
}
