import { availableParallelism, hostname, networkInterfaces, totalmem } from 'node:os';
import { resolve } from 'node:path';
import type { LogLevel } from './observe/log.ts';

/** Every limit, timeout and pool of the server; the defaults are below. */
export interface Limits {
  /** Largest JSON body, bytes. */
  readonly bodyBytes: number;
  /** Largest body of a prediction, bytes. */
  readonly predictBodyBytes: number;
  /** Largest uploaded file, bytes. */
  readonly uploadBytes: number;
  /** A body that is not a file must have arrived by then, milliseconds. */
  readonly bodyTimeoutMs: number;
  /** An upload from which nothing arrives for so long is given up, milliseconds. */
  readonly uploadStallMs: number;
  /** Wrong secrets of one client from one address before it has to wait. */
  readonly wrongSecrets: number;
  /** How long it has to wait then, seconds. */
  readonly wrongSecretsWaitSeconds: number;
  /** Memory of one job's process, megabytes. */
  readonly jobMemoryMb: number;
  /** Longest run of one job, seconds. */
  readonly jobSeconds: number;
  /** How often a job is tried before it fails. */
  readonly jobAttempts: number;
  /** What a job may print, bytes; more is dropped. */
  readonly jobLogBytes: number;
  /** A job process without work ends after so many milliseconds. */
  readonly jobIdleMs: number;
  /** Memory of each of the two threads that read tables and that predict, megabytes. */
  readonly computeMemoryMb: number;
  /** Longest answer of such a thread, seconds. */
  readonly computeSeconds: number;
  /** The thread that reads tables ends after so many milliseconds without a question. */
  readonly readingIdleMs: number;
  /** The thread that predicts, which keeps models loaded, ends after so many milliseconds without a question. */
  readonly predictingIdleMs: number;
  /** Tables, and loaded models, kept ready by these threads, bytes each. */
  readonly computeCacheBytes: number;
  /** Answers kept until something is written, bytes. */
  readonly answerCacheBytes: number;
  /** Time that running requests get when the server stops, milliseconds. */
  readonly stopMs: number;
}

export interface ServerOptions {
  /** Folder of everything the server keeps; made at the first start. */
  readonly dataDirectory: string;
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Default 3500; 0 takes any free port. */
  readonly port?: number;
  /** Address that clients use, e.g. behind a proxy: `https://athanor.example.com`. */
  readonly publicUrl?: string;
  /** Processes that build models; default one a core. */
  readonly workers?: number;
  /** Where the log goes: standard error (default), `server.log` in the data directory, or nowhere. */
  readonly log?: 'stderr' | 'file' | 'none';
  /** Default `info`: one line a request, and everything that went wrong. */
  readonly logLevel?: LogLevel;
  readonly limits?: Partial<Limits>;
}

export interface ServerConfig {
  readonly dataDirectory: string;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: URL | null;
  /** Host names (without port) the server answers for. */
  readonly hostNames: ReadonlySet<string>;
  readonly workers: number;
  readonly log: 'stderr' | 'file' | 'none';
  readonly logLevel: LogLevel;
  readonly limits: Limits;
  /** Things an operator should know before relying on this configuration. */
  readonly warnings: readonly string[];
}

const defaultLimits: Limits = {
  bodyBytes: 4 * 1024 * 1024,
  predictBodyBytes: 64 * 1024 * 1024,
  uploadBytes: 512 * 1024 * 1024,
  bodyTimeoutMs: 30_000,
  uploadStallMs: 30_000,
  wrongSecrets: 20,
  wrongSecretsWaitSeconds: 60,
  jobMemoryMb: 2048,
  jobSeconds: 3600,
  jobAttempts: 3,
  jobLogBytes: 1024 * 1024,
  jobIdleMs: 5_000,
  computeMemoryMb: 1024,
  computeSeconds: 60,
  readingIdleMs: 30_000,
  predictingIdleMs: 600_000,
  computeCacheBytes: 256 * 1024 * 1024,
  answerCacheBytes: 16 * 1024 * 1024,
  stopMs: 8_000,
};

/**
 * Fills in defaults and checks what was given.
 * @throws TypeError naming the option that makes no sense.
 */
export function resolveConfig(options: ServerOptions): ServerConfig {
  const host = options.host ?? '127.0.0.1';
  const port = options.port ?? 3500;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TypeError(`port must be between 0 and 65535, not ${String(port)}`);
  }
  const workers = options.workers ?? availableParallelism();
  if (!Number.isInteger(workers) || workers < 1 || workers > 1024) {
    throw new TypeError(`workers must be between 1 and 1024, not ${String(workers)}`);
  }
  const publicUrl = options.publicUrl === undefined ? null : parsePublicUrl(options.publicUrl);
  // Half of the machine for all job processes together, unless told otherwise.
  const jobMemoryMb = Math.max(512, Math.min(4096, Math.floor(totalmem() / 2 ** 21 / workers)));
  const limits = { ...defaultLimits, jobMemoryMb, ...options.limits };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isFinite(value) || value < 0) throw new TypeError(`limit ${name} must not be ${value}`);
  }
  return {
    dataDirectory: resolve(options.dataDirectory),
    host,
    port,
    publicUrl,
    hostNames: hostNames(host, publicUrl),
    workers,
    log: options.log ?? 'stderr',
    logLevel: options.logLevel ?? 'info',
    limits,
    warnings: warningsOf(host, publicUrl),
  };
}

function parsePublicUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '') {
    throw new TypeError(`public URL must look like https://athanor.example.com, not ${text}`);
  }
  return url;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * A page of another site can make a browser call this server under a name that points here (DNS rebinding). Only
 * names that are really ours are answered.
 */
function hostNames(host: string, publicUrl: URL | null): Set<string> {
  const names = new Set(['localhost', '127.0.0.1', '[::1]']);
  const add = (name: string) => names.add(name.includes(':') ? `[${name}]` : name.toLowerCase());
  if (publicUrl !== null) names.add(publicUrl.hostname.toLowerCase());
  if (host === '0.0.0.0' || host === '::') {
    add(hostname());
    for (const addresses of Object.values(networkInterfaces())) {
      for (const { address } of addresses ?? []) add(address.replace(/%.*$/, ''));
    }
  } else {
    add(host);
  }
  return names;
}

function warningsOf(host: string, publicUrl: URL | null): string[] {
  if (isLoopback(host) || publicUrl?.protocol === 'https:') return [];
  return [
    `listening on ${host} without TLS: anybody on the network can read tokens and data. ` +
      'Put a proxy with TLS before it and name its address with --public-url https://…',
  ];
}
