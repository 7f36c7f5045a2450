import type { Posterior } from '../posteriors/posterior.ts';

/** What a model fitted without some rows says of them. */
export interface HeldOutFold {
  readonly repeat: number;
  /** Rows held out, as positions among the target's rows [h]. */
  readonly rows: Int32Array;
  /** Over these rows. */
  readonly posterior: Posterior;
}
