import { z } from 'zod';
import { Constraint } from './constraint.ts';
import { SpaceConflict } from './designPayload.ts';
import { InputRow } from './prediction.ts';
import { SearchSpace, SpaceVariable } from './searchSpace.ts';
import { Warning } from './warning.ts';

/** A part of a search space in words. */
export const SpaceSentence = z
  .object({
    /** Place in the search space, e.g. `variables/0`, `constraints/2`. */
    path: z.string(),
    /** E.g. `resin is between 0 and 40 in steps of 0.5`. */
    text: z.string(),
  })
  .meta({ id: 'SpaceSentence' });
export type SpaceSentence = z.infer<typeof SpaceSentence>;

/** The search space that the data of a session span. */
export const SessionSpace = z
  .object({ space: SearchSpace, sentences: z.array(SpaceSentence) })
  .meta({ id: 'SessionSpace' });
export type SessionSpace = z.infer<typeof SessionSpace>;

/** A search space to check; variables and constraints that are left out are those that the data span. */
export const SpaceCheckRequest = z
  .strictObject({
    space: z.strictObject({
      variables: z.array(SpaceVariable).max(500).optional(),
      constraints: z.array(Constraint).max(500).optional(),
      candidates: z.array(InputRow).min(1).max(100_000).optional(),
    }),
  })
  .meta({ id: 'SpaceCheckRequest' });
export type SpaceCheckRequest = z.infer<typeof SpaceCheckRequest>;

/** What a search space means, and whether anything is in it. */
export const SpaceCheck = z
  .object({
    /** As asked for, with the session's inputs that it does not name. */
    space: SearchSpace,
    sentences: z.array(SpaceSentence),
    isFeasible: z.boolean(),
    /** An experiment that obeys everything; null when there is none. */
    example: InputRow.nullable(),
    /** Smallest sets of things that cannot hold together; empty for a feasible space. */
    violations: SpaceConflict.shape.conflicts,
    /** The least change that makes it feasible; empty for a feasible space. */
    relaxations: SpaceConflict.shape.relaxations,
    /** An experiment that obeys everything but what the relaxations name; for a space without any experiment. */
    nearest: InputRow.nullish(),
    warnings: z.array(Warning),
  })
  .meta({ id: 'SpaceCheck' });
export type SpaceCheck = z.infer<typeof SpaceCheck>;
