// The random stream sfc64 (Chris Doty-Humphrey, PractRand 0.93, 2010), from where the caller stands in it.

let a: u64 = 0;
let b: u64 = 0;
let c: u64 = 0;
let counter: u64 = 0;

/** Takes the four words at `state`. */
export function loadGenerator(state: usize): void {
  a = load<u64>(state);
  b = load<u64>(state, 8);
  c = load<u64>(state, 16);
  counter = load<u64>(state, 24);
}

/** Leaves the words as they are now. */
export function storeGenerator(state: usize): void {
  store<u64>(state, a);
  store<u64>(state, b, 8);
  store<u64>(state, c, 16);
  store<u64>(state, counter, 24);
}

/** The next number in [0, 1), with 53 random bits. */
@inline
export function uniform(): f64 {
  const out = a + b + counter++;
  a = b ^ (b >> 11);
  b = c + (c << 3);
  c = rotl<u64>(c, 24) + out;
  return <f64>(<i64>(out >> 11)) * (1.0 / 9007199254740992.0);
}
