import { faultPoint } from '../observe/faultPoint.ts';
import type { Database } from './database.ts';

/**
 * The records of the server. One implementation a database engine; what they promise is written in
 * conformance.test.ts and checked for each.
 */
export class Store {
  /** For single statements; several that belong together go through `transaction`. */
  readonly database: Database;
  /** Called with every transaction at its end; what it writes is part of it. */
  beforeCommit: (transaction: Database) => Promise<void> = async () => {};
  /** What waits for the commit of each running transaction. */
  readonly #afterCommit = new WeakMap<Database, (() => void)[]>();

  /**
   * A number that is another one after every write, those of open transactions included; null where others write too.
   */
  readonly version: () => number | null;

  constructor(database: Database, version: () => number | null = () => null) {
    this.database = database;
    this.version = version;
  }

  /**
   * Runs `work` so that all its writes happen or none. Keep files and other waiting out of `work`: everybody else
   * waits meanwhile. When this returns, the writes survive a power cut.
   */
  async transaction<T>(work: (transaction: Database) => Promise<T>): Promise<T> {
    const actions: (() => void)[] = [];
    const result = await this.database.transaction().execute(async (transaction) => {
      this.#afterCommit.set(transaction, actions);
      const value = await work(transaction);
      await this.beforeCommit(transaction);
      faultPoint('transaction.beforeCommit');
      return value;
    });
    faultPoint('transaction.afterCommit');
    for (const action of actions) action();
    return result;
  }

  /** Does `action` once the transaction is committed, and never if it is not. */
  afterCommit(transaction: Database, action: () => void): void {
    const actions = this.#afterCommit.get(transaction);
    if (actions === undefined) throw new TypeError('this is not a running transaction of this store');
    actions.push(action);
  }

  async close(): Promise<void> {
    await this.database.destroy();
  }
}
