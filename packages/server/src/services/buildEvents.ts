import type { BuildEvent, BuildProgress } from '@athanor/schema';
import { BuildState } from '@athanor/schema';
import { builds, type NumberedLogLine } from '../store/repositories/builds.ts';
import { modelSessions } from '../store/repositories/modelSessions.ts';
import type { Store } from '../store/store.ts';
import type { Builds } from './builds.ts';
import type { Caller } from './caller.ts';
import { findSession } from './modelSessions.ts';
import type { BoardEvent, ProgressBoard } from './progressBoard.ts';

/** Changes of progress closer together than this are told once. */
const progressMs = 200;

/** The story of a session as it happens. */
export class BuildEvents {
  readonly #store: Store;
  readonly #builds: Builds;
  readonly #board: ProgressBoard;

  constructor(store: Store, builds: Builds, board: ProgressBoard) {
    this.#store = store;
    this.#builds = builds;
    this.#board = board;
  }

  /**
   * Calls `listener` with the log so far, the progress of now, and everything that follows until the build ends;
   * for an ended one with the log and the end.
   * @returns a function that stops listening
   * @throws ProblemError RECORD_NOT_FOUND.
   */
  async follow(
    caller: Caller,
    sessionId: string,
    listener: (event: BuildEvent) => void,
  ): Promise<() => void> {
    const { database } = this.#store;
    const { id } = await findSession(database, caller, sessionId);
    const waiting: BoardEvent[] = [];
    let deliver: (event: BoardEvent) => void = (event) => waiting.push(event);
    // Listen first and read then, so that nothing falls between; lines that come twice are told by their number.
    const unfollow = this.#board.follow(id, (event) => deliver(event));
    let timer: NodeJS.Timeout | null = null;
    const stop = (): void => {
      if (timer !== null) clearTimeout(timer);
      unfollow();
    };
    try {
      const build = await builds.findLatest(database, caller.tenantId, id);
      const told = new Map<number, number>();
      const tellLine = (buildId: number, { number, line }: NumberedLogLine): void => {
        if (number <= (told.get(buildId) ?? 0)) return;
        told.set(buildId, number);
        listener({ type: 'log', line });
      };
      const tellProgress = async (): Promise<void> => {
        timer = null;
        const progress = await this.#progress(caller, id);
        if (progress !== null) listener({ type: 'progress', progress });
      };
      deliver = (event) => {
        if (event.type === 'log') tellLine(event.buildId, event.entry);
        else if (event.type === 'progress') {
          // A store that is closed by now has nothing to tell any more.
          timer ??= setTimeout(() => tellProgress().catch(stop), progressMs);
        } else {
          stop();
          listener({ type: 'end', state: event.state });
        }
      };
      if (build !== undefined) {
        for (const entry of await builds.listLog(database, build.id)) tellLine(build.id, entry);
      }
      const state = await this.#stateOf(caller, id);
      if (build !== undefined && build.endedAt !== null && isOver(state)) {
        stop();
        listener({ type: 'end', state });
      } else {
        await tellProgress();
        for (const event of waiting) deliver(event);
      }
      return stop;
    } catch (error) {
      stop();
      throw error;
    }
  }

  async #progress(caller: Caller, sessionId: number): Promise<BuildProgress | null> {
    const { database } = this.#store;
    const state = await this.#stateOf(caller, sessionId);
    const [build] = await builds.listActive(database, caller.tenantId, sessionId);
    if (build === undefined) {
      const idle = { stage: 'Waiting', modelsDone: 0, modelsTotal: 0, fraction: 0, targets: [] };
      return { state, ...idle, elapsedSeconds: 0, remainingSeconds: null };
    }
    await this.#builds.show(database, build);
    return this.#board.progressOf(build.id, state);
  }

  async #stateOf(caller: Caller, sessionId: number): Promise<BuildState> {
    const session = await modelSessions.find(this.#store.database, caller.tenantId, sessionId);
    return BuildState.parse(session?.state ?? 'Error');
  }
}

function isOver(state: BuildState): boolean {
  return state === 'Complete' || state === 'Error';
}
