/** What the acceptance tests share: a whole server on a folder of its own, talked to over real HTTP. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { basePath, Problem } from '@athanor/schema';
import { Client } from '@athanor/schema/client';
import { type RunningServer, type ServerOptions, startServer } from '@athanor/server';
import Sqlite from 'better-sqlite3';
import { expect } from 'vitest';

/** A parsed answer, whose shape the test is about to check. */
// eslint-disable-next-line typescript/no-explicit-any
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body. */
  readonly body: Json;
}

export interface SendOptions {
  /** Sent as JSON, unless it is a text, which is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Default: the administrator's; null for none. */
  readonly token?: string | null;
  /** Default: `/api/v3`. */
  readonly base?: string;
}

export class TestServer {
  readonly folder: string;
  running: RunningServer;
  readonly #options: Partial<ServerOptions>;

  constructor(folder: string, running: RunningServer, options: Partial<ServerOptions>) {
    this.folder = folder;
    this.running = running;
    this.#options = options;
  }

  static async start(
    options: Partial<ServerOptions> = {},
    folder = mkdtempSync(join(tmpdir(), 'athanor-acceptance-')),
  ): Promise<TestServer> {
    return new TestServer(folder, await open(folder, options), options);
  }

  get url(): string {
    return this.running.url;
  }

  get client(): Client {
    return new Client({ url: this.url, token: this.running.token });
  }

  /** Stops and starts again on the same folder. */
  async restart(): Promise<void> {
    await this.running.close();
    this.running = await open(this.folder, this.#options);
  }

  async close(): Promise<void> {
    await this.running.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Sends a request below the base path. */
  async send(method: string, path: string, options: SendOptions = {}): Promise<Answer> {
    const { body, headers = {}, token = this.running.token, base = basePath } = options;
    const response = await fetch(`${this.url}${base}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : null,
    };
  }

  /** Rows of every table, stored blobs and unfinished files: what a refusal must leave as it was. */
  countEverything(): Record<string, number> {
    const copy = mkdtempSync(join(tmpdir(), 'athanor-count-'));
    try {
      for (const name of ['athanor.sqlite', 'athanor.sqlite-wal']) {
        copyFileSync(join(this.folder, name), join(copy, name));
      }
      const database = new Sqlite(join(copy, 'athanor.sqlite'));
      const tables = database
        .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite%'")
        .pluck()
        .all() as string[];
      const counts = Object.fromEntries(
        tables.map((table) => [
          table,
          database.prepare(`select count(*) from "${table}"`).pluck().get() as number,
        ]),
      );
      database.close();
      const countFiles = (folder: string) =>
        readdirSync(join(this.folder, folder), { recursive: true, withFileTypes: true }).filter((entry) =>
          entry.isFile(),
        ).length;
      return { ...counts, blobs: countFiles('blobs'), temporary: countFiles('temporary') };
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }
}

function open(folder: string, options: Partial<ServerOptions>): Promise<RunningServer> {
  return startServer({ port: 0, log: 'none', workers: 2, ...options, dataDirectory: folder });
}

/** Every refusal is a small problem document that names code, place and remedy, and nothing of the inside. */
export function expectProblem(answer: Answer, status: number, code: string): Problem {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const problem = Problem.parse(answer.body);
  expect(problem.code).toBe(code);
  expect(problem.status).toBe(status);
  expect(problem.fix).not.toBe('');
  expect(answer.text.length).toBeLessThan(4096);
  expect(answer.text).not.toMatch(/node_modules|\.ts:\d|at async|SQLITE|select .* from/i);
  return problem;
}
