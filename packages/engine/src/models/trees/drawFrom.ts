import type { Arena, Pointer } from '@athanor/wasm';
import type { Generator } from '../../random/generator.ts';

/** Runs a routine that draws from the stream, whose words it finds and leaves at `state` [4 uint64]. */
export function drawFrom<T>(generator: Generator, arena: Arena, state: Pointer, routine: () => T): T {
  return generator.lend((words) => {
    arena.int32(state, 8).set(words);
    const result = routine();
    words.set(arena.int32(state, 8));
    return result;
  });
}
