import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { constants, setPriority } from 'node:os';
import { ProblemError } from '@athanor/schema';
import type { ChildMessage } from './childMessages.ts';
import { JobError, type JobErrorCode } from './jobError.ts';

export interface ChildPoolOptions {
  /** Module that calls `serveWork`. */
  readonly entry: URL;
  /** Arguments of the module. */
  readonly args: readonly string[];
  /** Most processes at once. */
  readonly size: number;
  readonly memoryMb: number;
  readonly maxSeconds: number;
  /** Bytes of output kept; the rest is dropped. */
  readonly logBytes: number;
  readonly idleMs: number;
  /** What a process printed, when it ended badly. */
  readonly onOutput: (text: string) => void;
}

export interface RunOptions {
  /** Kills the process. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: unknown) => void;
}

interface Member {
  readonly child: ChildProcess;
  /** The work it has; null when idle. */
  current: {
    readonly settle: (message: ChildMessage | JobError) => void;
    readonly onProgress: RunOptions['onProgress'];
  } | null;
  idleTimer: NodeJS.Timeout | null;
  output: string;
}

/** How often the memory of a busy process is looked at. */
const memoryCheckMs = 500;
/** Beyond the heap that V8 limits itself, typed arrays and WebAssembly memory may take as much again. */
const memoryFactor = 2;

/**
 * Processes for work that may take long, run out of memory, crash or never end: whatever happens to them, this
 * process only gets an error. Started when needed, used again, stopped when idle.
 */
export class ChildPool {
  readonly #options: ChildPoolOptions;
  readonly #members = new Set<Member>();
  #isClosed = false;

  constructor(options: ChildPoolOptions) {
    this.#options = options;
  }

  /** Processes alive, busy or idle. */
  get pids(): number[] {
    return [...this.#members].map(({ child }) => child.pid!).filter((pid) => pid !== undefined);
  }

  /**
   * Does `work` in a process of its own.
   * @returns what the process answered
   * @throws ProblemError when the input is at fault; JobError when the process or its program failed, or the signal
   * came.
   */
  async run(work: unknown, { signal, onProgress }: RunOptions): Promise<unknown> {
    if (this.#isClosed) throw new JobError('CANCELLED', 'the server is stopping');
    if (signal.aborted) throw new JobError('CANCELLED', 'the job was cancelled');
    const idle = [...this.#members].find(({ current }) => current === null);
    if (idle === undefined && this.#members.size >= this.#options.size) {
      throw new TypeError('more work at once than the pool has processes');
    }
    const member = idle ?? this.#start();
    if (member.idleTimer !== null) clearTimeout(member.idleTimer);

    const { maxSeconds } = this.#options;
    const end = (code: JobErrorCode, message: string) => this.#kill(member, new JobError(code, message));
    const onAbort = () => end('CANCELLED', 'the job was cancelled');
    const timeout = setTimeout(
      () => end('WORKER_TIMEOUT', `the job took longer than ${maxSeconds} seconds`),
      maxSeconds * 1000,
    );
    const memory = setInterval(() => {
      const limit = this.#options.memoryMb * memoryFactor;
      if (residentMb(member.child.pid!) > limit) {
        end('WORKER_OUT_OF_MEMORY', `the job used more than ${limit} MB of memory`);
      }
    }, memoryCheckMs);
    signal.addEventListener('abort', onAbort);
    try {
      const answer = await new Promise<ChildMessage | JobError>((settle) => {
        member.current = { settle, onProgress };
        member.child.send({ work }, (error) => {
          if (error !== null) end('WORKER_CRASHED', `the job could not be handed over: ${error.message}`);
        });
      });
      if (answer instanceof JobError) throw answer;
      if (answer.type === 'refused') {
        throw ProblemError.of(answer.code, answer.message, answer.location, answer.fix);
      }
      if (answer.type === 'failed') {
        throw new JobError('BUILD_FAILED', answer.message, { cause: answer.stack });
      }
      return answer.type === 'done' ? answer.result : undefined;
    } finally {
      clearTimeout(timeout);
      clearInterval(memory);
      signal.removeEventListener('abort', onAbort);
      this.#rest(member);
    }
  }

  /** Ends all processes; running work fails as cancelled. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(
      [...this.#members].map(
        (member) =>
          new Promise<void>((resolve) => {
            member.child.once('exit', () => resolve());
            this.#kill(member, new JobError('CANCELLED', 'the server is stopping'));
          }),
      ),
    );
  }

  #start(): Member {
    const { entry, args, memoryMb, logBytes } = this.#options;
    // Where this process keeps compiled modules, if it does: jobs start twice as fast with them.
    const cache = getCompileCacheDir();
    const child = fork(entry, args, {
      serialization: 'advanced',
      // Nothing of the server's environment is a job's business.
      env: { ...pick(process.env, ['TZ']), ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }) },
      execArgv: [
        `--max-old-space-size=${memoryMb}`,
        // A job reads blobs and computes. It may not write, start programs, load native code or make code from
        // text. Node 24 has no switch for the network yet.
        '--disallow-code-generation-from-strings',
        '--permission',
        '--allow-fs-read=*',
        '--allow-worker',
        // That workers are allowed is worth a warning to Node; the only one looks for the parent.
        '--disable-warning=PERM0006',
        ...(cache === undefined ? [] : [`--allow-fs-write=${cache}`]),
      ],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const member: Member = { child, current: null, idleTimer: null, output: '' };
    this.#members.add(member);
    if (child.pid !== undefined) lowerPriority(child.pid);

    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        member.output = (member.output + text).slice(-logBytes);
      });
    }
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'progress') member.current?.onProgress(message.progress);
      else member.current?.settle(message);
    });
    child.on('error', (error) => this.#gone(member, error.message));
    child.on('close', (code, signal) => this.#gone(member, signal ?? `exit code ${code}`));
    return member;
  }

  /** The process is over, for whatever reason. */
  #gone(member: Member, reason: string): void {
    if (!this.#members.delete(member)) return;
    if (member.idleTimer !== null) clearTimeout(member.idleTimer);
    if (member.current === null) return;
    const isHeap = /heap out of memory|Array buffer allocation failed/.test(member.output);
    if (member.output !== '') this.#options.onOutput(member.output.slice(-4_000));
    member.current.settle(
      isHeap
        ? new JobError('WORKER_OUT_OF_MEMORY', 'the job ran out of memory')
        : new JobError('WORKER_CRASHED', `the process of the job ended: ${reason}`),
    );
    member.current = null;
  }

  #kill(member: Member, error: JobError): void {
    this.#members.delete(member);
    if (member.idleTimer !== null) clearTimeout(member.idleTimer);
    member.child.kill('SIGKILL');
    member.current?.settle(error);
    member.current = null;
  }

  #rest(member: Member): void {
    member.current = null;
    member.output = '';
    if (!this.#members.has(member)) return;
    member.idleTimer = setTimeout(() => {
      this.#members.delete(member);
      member.child.disconnect();
    }, this.#options.idleMs);
  }
}

/** People who wait for an answer go before jobs. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not every system allows it, and nothing depends on it.
  }
}

/** Resident memory of a process in megabytes; 0 where the system does not tell. */
function residentMb(pid: number): number {
  if (process.platform !== 'linux') return 0;
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function pick(source: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    names.filter((name) => source[name] !== undefined).map((name) => [name, source[name]]),
  );
}
