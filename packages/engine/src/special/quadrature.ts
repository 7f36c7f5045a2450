/** Nodes and weights of a quadrature rule: integral = sum weights[i] f(nodes[i]). */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Gauss-Legendre rule on [-1, 1], exact for polynomials of degree 2n - 1. Nodes ascending, error of nodes and
 * weights below 1e-14 for n <= 100. Newton's method on the three-term recurrence of P_n.
 */
export function gaussLegendre(n: number): Quadrature {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    // First guess: Francesco Tricomi 1950, good to O(n^-4).
    let x = -Math.cos((Math.PI * (i + 0.75)) / (n + 0.5)) * (1 - (n - 1) / (8 * n * n * n));
    let derivative = 1;
    for (let step = 0; step < 6; step++) {
      let previous = 1;
      let value = x;
      for (let k = 2; k <= n; k++)
        [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
      derivative = n === 1 ? 1 : (n * (x * value - previous)) / (x * x - 1);
      x -= value / derivative;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * derivative * derivative);
  }
  return { nodes, weights };
}

/**
 * Gauss-Hermite rule for the expectation over a standard normal variable: E f(Z) = sum weights[i] f(nodes[i]), exact
 * for polynomials of degree 2n - 1. Nodes ascending, error below 1e-13 for n <= 40.
 *
 * Newton's method on the orthonormal recurrence He_k / sqrt(k!), which does not overflow; each root is deflated by
 * those already found, from the largest down.
 */
export function gaussHermite(n: number): Quadrature {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  const roots: number[] = [];
  for (let i = 0; i < n; i++) {
    let z = i === 0 ? 2 * Math.sqrt(n) : roots[i - 1]! - 1e-3;
    let previous = 0;
    for (let step = 0; step < 200; step++) {
      previous = 1;
      let value = z;
      for (let k = 2; k <= n; k++)
        [previous, value] = [value, (z * value - Math.sqrt(k - 1) * previous) / Math.sqrt(k)];
      if (n === 1) [previous, value] = [1, z];
      // d/dz of the orthonormal He_n is sqrt(n) times the orthonormal He_(n-1).
      let logarithmicDerivative = (Math.sqrt(n) * previous) / value;
      for (const root of roots) logarithmicDerivative -= 1 / (z - root);
      const move = value === 0 ? 0 : 1 / logarithmicDerivative;
      z -= move;
      if (Math.abs(move) <= 1e-15 * (1 + Math.abs(z))) break;
    }
    roots.push(z);
    nodes[n - 1 - i] = z;
    weights[n - 1 - i] = 1 / (n * previous * previous);
  }
  // The rule is symmetric; make it so to the last bit.
  for (let i = 0; i < n - 1 - i; i++) {
    const node = 0.5 * (nodes[n - 1 - i]! - nodes[i]!);
    const weight = 0.5 * (weights[i]! + weights[n - 1 - i]!);
    nodes[i] = -node;
    nodes[n - 1 - i] = node;
    weights[i] = weight;
    weights[n - 1 - i] = weight;
  }
  if (n % 2 === 1) nodes[(n - 1) / 2] = 0;
  return { nodes, weights };
}
