import type { BatchChoice } from '../acquisition/chooseBatch.ts';
import type { Generator } from '../random/generator.ts';
import type { CompiledSpace } from '../space/compiledSpace.ts';
import { PointSet } from '../space/pointSet.ts';
import { moveTable, proposeMove } from '../space/proposeMove.ts';
import { SpaceWalker } from '../space/spaceWalker.ts';

/** Points and what was chosen of them. */
export interface ChosenPoints {
  readonly set: PointSet;
  /** Places in the set, in the order of choice. */
  readonly choices: readonly BatchChoice[];
}

/** Greatest reach of a move in each round, as a share of a range. */
const reaches = [0.1, 0.01];
/** Points compared in a round, and at least so many for each of a large batch. */
const fewestCompared = 300;
const fewestNeighbours = 3;
/** A neighbour differs by one to so many moves. */
const mostMoves = 3;

/**
 * Refines a batch by what it was chosen by: chooses it again among its own points and neighbours of these, which keep
 * every rule, twice and nearer the second time. Points drawn from the whole space, and the ends of climbs by moments, lie
 * too far apart to say where exactly a batch improves most once a campaign has come near an optimum (decision 0041).
 *
 * @param choose a batch out of a set, by fresh draws where it draws
 */
export function refineChoices(
  space: CompiledSpace,
  first: ChosenPoints,
  choose: (set: PointSet, generator: Generator) => readonly BatchChoice[],
  generator: Generator,
): ChosenPoints {
  const table = moveTable(space);
  const walker = new SpaceWalker(space);
  let batch = first;
  reaches.forEach((reach, round) => {
    const { set, choices } = batch;
    if (choices.length === 0) return;
    const size = Math.max(fewestCompared, (1 + fewestNeighbours) * choices.length);
    const near = new PointSet(space, size);
    for (const { candidate } of choices) near.add(set.at(candidate));
    const moves = generator.split(`moves ${round}`);
    for (let k = 0; k < 2 * size && near.count < size; k++) {
      walker.moveTo(set.at(choices[k % choices.length]!.candidate));
      for (let left = 1 + moves.integer(mostMoves); left > 0; left--) {
        const move = proposeMove(walker, table, moves, reach);
        if (move !== null) walker.tryMove(move.variables, move.indices);
      }
      near.add(walker.point);
    }
    const again = choose(near, generator.split(`choice ${round}`));
    // Neighbours may crowd out what has to keep a distance.
    if (again.length >= choices.length) batch = { set: near, choices: again };
  });
  return batch;
}
