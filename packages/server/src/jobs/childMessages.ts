import type { ErrorCode, ProblemLocation } from '@athanor/schema';

/** Parent to child: do this. A child does one thing at a time. */
export interface WorkMessage {
  readonly work: unknown;
}

/** Child to parent, about the work it has. */
export type ChildMessage =
  | { readonly type: 'progress'; readonly progress: unknown }
  | { readonly type: 'done'; readonly result: unknown }
  /** The input is at fault: trying again gives the same. */
  | {
      readonly type: 'refused';
      readonly code: ErrorCode;
      readonly message: string;
      readonly location: ProblemLocation;
      readonly fix: string | undefined;
    }
  /** The program is at fault. */
  | { readonly type: 'failed'; readonly message: string; readonly stack: string };
