import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** A connection to the store, or a transaction on it: repositories take either. */
export type Database = Kysely<Tables>;
