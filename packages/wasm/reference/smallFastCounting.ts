const word = (value: bigint): bigint => BigInt.asUintN(64, value);

/**
 * The stream of sfc64 (Chris Doty-Humphrey, PractRand 0.93, 2010), numbers in [0, 1) with 53 random bits:
 * out = a + b + counter++; a = b ^ (b >> 11); b = c + (c << 3); c = rotl(c, 24) + out.
 *
 * @param state a, b, c and counter [4], advanced with each number
 */
export function smallFastCounting(state: BigUint64Array): () => number {
  return () => {
    const [a, b, c, counter] = state as unknown as [bigint, bigint, bigint, bigint];
    const out = word(a + b + counter);
    state[0] = b ^ (b >> 11n);
    state[1] = word(c + (c << 3n));
    state[2] = word(((c << 24n) | (c >> 40n)) + out);
    state[3] = word(counter + 1n);
    return Number(out >> 11n) * 2 ** -53;
  };
}
