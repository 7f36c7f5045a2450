/**
 * Clients that go around the loop while their server is killed: insights are asked for and deleted, rows are added,
 * sessions built anew, results exported. Everything that was acknowledged is noted, and looked for after the restart.
 */
import { comparedFile, DesignPayload, type Insight, ProblemError } from '@athanor/schema';
import type { Client } from '@athanor/schema/client';
import { until } from './serverProcess.ts';

/** What the storm has found; all but the counts of what was done must be 0. */
export interface StormFigures {
  insights_acknowledged: number;
  insights_lost: number;
  insights_not_complete: number;
  insights_that_differ: number;
  insights_undeleted: number;
  rows_acknowledged: number;
  rows_lost: number;
  rows_twice: number;
  rows_nobody_sent: number;
  versions_that_do_not_add_up: number;
  sessions_rebuilt: number;
  rebuilt_not_complete: number;
  exports: number;
  exports_broken: number;
}

/** Those that must be 0. */
const faults = [
  'insights_lost',
  'insights_not_complete',
  'insights_that_differ',
  'insights_undeleted',
  'rows_lost',
  'rows_twice',
  'rows_nobody_sent',
  'versions_that_do_not_add_up',
  'rebuilt_not_complete',
  'exports_broken',
] as const satisfies readonly (keyof StormFigures)[];

const target = 'y';
const startRows = 40;
const wanted = 4;
const settings = {
  objectives: [{ target, goal: 'maximize' as const }],
  numCandidatesGenerated: 1500,
  numCandidatesSelected: wanted,
};
const formats = ['csv', 'xlsx', 'parquet'] as const;

function makeTable(): string {
  const lines = ['a,b,c,y'];
  for (let i = 0; i < startRows; i++) {
    const [a, b, c] = [i % 13, (i * 7) % 29, Math.sin(i) * 5];
    lines.push([a, b, c.toFixed(3), (2 * a - b + c * c).toFixed(3)].join(','));
  }
  return lines.join('\n');
}

export class LoopStorm {
  readonly figures: StormFigures = {
    insights_acknowledged: 0,
    insights_lost: 0,
    insights_not_complete: 0,
    insights_that_differ: 0,
    insights_undeleted: 0,
    rows_acknowledged: 0,
    rows_lost: 0,
    rows_twice: 0,
    rows_nobody_sent: 0,
    versions_that_do_not_add_up: 0,
    sessions_rebuilt: 0,
    rebuilt_not_complete: 0,
    exports: 0,
    exports_broken: 0,
  };
  readonly #random: () => number;
  /** A dataset that stays as it is: insights on its session always come out the same. */
  #still = { session: '', model: '', reference: '' };
  /** A dataset that gets rows. */
  #growing = { dataset: '', session: '' };
  /** Insights that were acknowledged and are to stay; whether all of them must be equal. */
  readonly #insights = new Map<string, 'still' | 'growing'>();
  /** Insights whose end has been looked at. */
  readonly #seen = new Set<string>();
  readonly #deleted = new Set<string>();
  /** The number that stands in column y of each row, so that rows can be told apart. */
  #lastRow = 1000;
  readonly #sentRows = new Set<number>();
  readonly #acknowledgedRows = new Set<number>();
  readonly #rebuilt = new Set<string>();

  constructor(random: () => number) {
    this.#random = random;
  }

  /** @returns names of the datasets it has made */
  async prepare(client: Client): Promise<string[]> {
    const names = ['a still table', 'a growing table'];
    const made: { dataset: string; session: string }[] = [];
    for (const [i, name] of names.entries()) {
      const key = `storm/${i}.csv`;
      await client.upload(key, new TextEncoder().encode(makeTable()), 'text/csv');
      const { albertId: dataset } = await client.call('createDataset', { body: { name, key } });
      const { id: session } = await client.call('createModelSession', {
        body: { name, category: 'albertModel', datasetId: dataset, target: [target] },
      });
      made.push({ dataset, session });
    }
    const [still, growing] = made;
    this.#growing = growing!;
    for (const { session } of made) await this.#endOfSession(client, session);
    const { Items } = await client.call('listModels', { params: { sessionId: still!.session } });
    this.#still = {
      session: still!.session,
      model: Items.find(({ name }) => name === 'Ensemble')!.id,
      reference: '',
    };
    const first = await this.#askForInsight(client, this.#still.session);
    this.#still.reference = fingerprintOf(await this.#endOfInsight(client, first));
    this.#insights.set(first, 'still');
    this.#seen.add(first);
    return names;
  }

  /** Goes on until the connection is lost or time is up. */
  async rage(client: Client, milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    const lane = async (work: () => Promise<void>): Promise<void> => {
      while (performance.now() < end) {
        try {
          await work();
        } catch (error) {
          // A refusal is a fault of its own; a lost connection is what this is about.
          if (error instanceof ProblemError) throw error;
          return;
        }
      }
    };
    let rebuilds = 0;
    let asked = 0;
    await Promise.all([
      lane(async () => {
        // Each keeps a process busy for a second or two.
        if ((asked += 1) > 4) return pause(200);
        const kind = this.#random() < 0.7 ? 'still' : 'growing';
        const id = await this.#askForInsight(
          client,
          kind === 'still' ? this.#still.session : this.#growing.session,
        );
        this.#insights.set(id, kind);
        this.figures.insights_acknowledged += 1;
        await pause(this.#random() * 300);
      }),
      lane(async () => {
        const rebuild = rebuilds === 0 && this.#random() < 0.3;
        if (rebuild) rebuilds += 1;
        await this.#addRows(client, rebuild);
        await pause(this.#random() * 50);
      }),
      lane(() => this.#export(client)),
      lane(async () => {
        await pause(this.#random() * 1000);
        const [id] = [...this.#seen].filter((one) => this.#insights.get(one) === 'still').slice(3);
        if (id === undefined) return;
        // Whether it is gone is not known until the answer has come.
        this.#insights.delete(id);
        await client.call('deleteInsight', { params: { insightId: id } });
        this.#deleted.add(id);
      }),
    ]);
  }

  /** Looks for everything that was acknowledged. @returns what came of this round, in words */
  async check(client: Client): Promise<string> {
    const before = this.#faults();
    for (const [id, kind] of this.#insights) {
      if (this.#seen.has(id)) continue;
      await this.#checkInsight(client, id, kind);
      this.#seen.add(id);
    }
    for (const id of this.#deleted)
      if ((await this.#find(client, id)) !== null) this.figures.insights_undeleted += 1;
    await this.#checkRows(client);
    for (const id of this.#rebuilt) {
      const state = await this.#endOfSession(client, id).catch(() => 'lost');
      if (state !== 'Complete') this.figures.rebuilt_not_complete += 1;
    }
    const told = `${this.#insights.size} insights, ${this.#acknowledgedRows.size} rows, ${this.#rebuilt.size} sessions rebuilt`;
    this.#rebuilt.clear();
    const after = this.#faults();
    return before === after ? `all there: ${told}` : `FAULTS: ${after}`;
  }

  #faults(): string {
    return JSON.stringify(
      faults.filter((name) => this.figures[name] > 0).map((name) => [name, this.figures[name]]),
    );
  }

  async #askForInsight(client: Client, modelSessionId: string): Promise<string> {
    const { albertId } = await client.call('createInsight', {
      body: {
        name: 'under fire',
        category: 'Optimizer',
        state: 'Queued',
        modelSessionId,
        Registry: { Settings: settings },
      },
    });
    return albertId;
  }

  async #addRows(client: Client, rebuild: boolean): Promise<void> {
    const rows = Array.from({ length: 1 + Math.floor(this.#random() * 3) }, () => {
      this.#lastRow += 1;
      this.#sentRows.add(this.#lastRow);
      return { a: this.#lastRow % 13, b: this.#lastRow % 29, c: 0.5, y: this.#lastRow };
    });
    const { sessions } = await client.call('addRows', {
      params: { datasetId: this.#growing.dataset },
      body: { rows, ...(rebuild ? { rebuild } : {}) },
    });
    for (const { y } of rows) this.#acknowledgedRows.add(y);
    this.figures.rows_acknowledged += rows.length;
    for (const { sessionId, parentSessionId } of sessions) {
      this.#rebuilt.add(sessionId);
      this.figures.sessions_rebuilt += 1;
      if (parentSessionId === this.#growing.session) this.#growing.session = sessionId;
    }
  }

  /** What is exported is whole, or the connection is lost. */
  async #export(client: Client): Promise<void> {
    const [id] = [...this.#seen].filter((one) => this.#insights.has(one));
    if (id === undefined) return pause(50);
    const format = formats[Math.floor(this.#random() * formats.length)]!;
    const path = `/api/v3/btinsight/${id}/candidates?format=${format}`;
    const response = await fetch(client.url + path, { headers: { authorization: `Bearer ${client.token}` } });
    const isOk = response.ok && (await response.arrayBuffer()).byteLength > 100;
    if (!isOk && response.status !== 503) this.figures.exports_broken += 1;
    const model = await client.downloadOnnx(this.#still.model);
    if (model.byteLength < 1000) this.figures.exports_broken += 1;
    this.figures.exports += 2;
    await pause(this.#random() * 200);
  }

  async #checkInsight(client: Client, id: string, kind: 'still' | 'growing'): Promise<void> {
    const insight = await this.#endOfInsight(client, id);
    if (insight === null) {
      this.figures.insights_lost += 1;
      return;
    }
    if (insight.state !== 'Complete' || !(await hasItsFiles(client, insight))) {
      this.figures.insights_not_complete += 1;
      return;
    }
    const isRight =
      kind === 'still'
        ? fingerprintOf(insight) === this.#still.reference
        : DesignPayload.parse(insight.RawPayload).candidates.length === wanted;
    if (!isRight) this.figures.insights_that_differ += 1;
  }

  async #checkRows(client: Client): Promise<void> {
    const params = { datasetId: this.#growing.dataset };
    const found: number[] = [];
    let total = 0;
    do {
      const page = await client.call('listRows', {
        params,
        query: { offset: String(found.length), limit: '1000' },
      });
      const y = page.columns.indexOf(target);
      found.push(...page.rows.map((row) => Number(row[y])));
      total = page.total;
    } while (found.length < total);
    const added = found.slice(startRows);
    const times = new Map<number, number>();
    for (const y of added) times.set(y, (times.get(y) ?? 0) + 1);
    this.figures.rows_lost += [...this.#acknowledgedRows].filter((y) => !times.has(y)).length;
    this.figures.rows_twice += [...times.values()].filter((count) => count > 1).length;
    this.figures.rows_nobody_sent += added.filter((y) => !this.#sentRows.has(y)).length;
    const { Items } = await client.call('listDatasetVersions', { params });
    const sums = Items.every(
      ({ rowCount, rowsAdded, version }, i) =>
        version === Items.length - i && rowCount === (Items[i + 1]?.rowCount ?? startRows) + (rowsAdded ?? 0),
    );
    if (!sums || Items[0]!.rowCount !== found.length) this.figures.versions_that_do_not_add_up += 1;
  }

  async #find(client: Client, insightId: string): Promise<Insight | null> {
    try {
      return await client.call('getInsight', { params: { insightId } });
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'RECORD_NOT_FOUND') return null;
      throw error;
    }
  }

  async #endOfInsight(client: Client, insightId: string): Promise<Insight | null> {
    let insight: Insight | null = null;
    await until(async () => {
      insight = await this.#find(client, insightId);
      return insight === null || insight.state === 'Complete' || insight.state === 'Error';
    }, 300);
    return insight;
  }

  async #endOfSession(client: Client, sessionId: string): Promise<string> {
    let state = '';
    await until(async () => {
      ({ state } = await client.call('getModelSession', { params: { sessionId } }));
      return state === 'Complete' || state === 'Error';
    }, 300);
    return state;
  }
}

/** Whether nothing was found that must not be. */
export function isCalm(figures: StormFigures): boolean {
  return faults.every((name) => figures[name] === 0);
}

async function hasItsFiles(client: Client, { outputKey }: Insight): Promise<boolean> {
  if (outputKey === undefined) return false;
  for (const file of [...formats.map((format) => `result.${format}`), comparedFile]) {
    const bytes = await client.download(outputKey.replace(/[^/]*$/, file));
    if (bytes.byteLength < 100) return false;
  }
  return true;
}

function fingerprintOf(insight: Insight | null): string {
  if (insight?.state !== 'Complete') return JSON.stringify(insight?.Registry?.BuildLogs);
  return JSON.stringify(DesignPayload.parse(insight.RawPayload).candidates);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
