import type { EnsembleFitted } from '../models/ensemble.ts';
import type { Inputs } from '../models/inputs.ts';
import { findModel } from '../models/registry.ts';
import type { PlainData } from '../plainData.ts';
import { momentsOf, valuesAt, type PosteriorMoments } from '../posteriors/operations.ts';
import type { NormalPosterior, Posterior } from '../posteriors/posterior.ts';
import { widenPosterior } from '../posteriors/widenPosterior.ts';
import type { Generator } from '../random/generator.ts';
import { normalQuantile } from '../special/normalQuantile.ts';
import { drawByDistance } from './drawByDistance.ts';

/** A calibrated model of one target, as design sees it: it never asks which one. */
export interface Surrogate {
  /** Key of the target. */
  readonly key: string;
  predict(inputs: Inputs): Posterior;
  /** Moments for ranking many candidates, perhaps by a coarser model. */
  screen(inputs: Inputs): PosteriorMoments;
  /** Moments by a part of the model, to leave out most of very many candidates; absent where `screen` is as cheap. */
  glance?(inputs: Inputs): PosteriorMoments;
  /** z-score at which a central interval of that level ends. */
  halfWidth(level: number): number;
  /** Joint draws of the noise-free target at m rows [count][m]. */
  draw(inputs: Inputs, count: number, generator: Generator): Float64Array[];
}

/**
 * The surrogate of a fitted model or ensemble.
 *
 * @param scale calibration factor by which it is widened
 * @param halfWidth see `Surrogate`; that of the normal distribution by default
 */
export function createSurrogate(
  key: string,
  kind: string,
  fitted: PlainData,
  scale: number,
  halfWidth: (level: number) => number = (level) => normalQuantile(0.5 + level / 2),
): Surrogate {
  if (kind === 'ensemble') return mixSurrogates(key, fitted as unknown as EnsembleFitted, scale, halfWidth);
  const model = findModel(kind);
  const coarse = model.thin?.(fitted) ?? fitted;
  // Draws are stretched about the means of rows of which the noise is asked as well.
  const known = new WeakMap<Inputs, Posterior>();
  const predict = (inputs: Inputs): Posterior => {
    let posterior = known.get(inputs);
    if (posterior === undefined)
      known.set(inputs, (posterior = widenPosterior(model.predict(fitted, inputs), scale)));
    return posterior;
  };
  return {
    key,
    predict,
    halfWidth,
    screen(inputs) {
      const posterior = model.predictCandidates?.(coarse, inputs) ?? model.predict(coarse, inputs);
      return momentsOf(widenPosterior(posterior, scale));
    },
    draw(inputs, count, generator) {
      const posterior = predict(inputs);
      const { mean, modelSd, measurementSd } = momentsOf(posterior);
      if (model.drawJointly === undefined) {
        const share = modelSd.map((sd, i) => sd / measurementSd[i]!);
        return drawByDistance(inputs, count, generator).map((z) =>
          valuesAt(
            posterior,
            z.map((value, i) => value * share[i]!),
          ),
        );
      }
      // The calibration factor stretches each draw about the mean.
      const draws = model.drawJointly(fitted, inputs, count, generator);
      for (const draw of draws)
        for (let i = 0; i < draw.length; i++) draw[i] = mean[i]! + scale * (draw[i]! - mean[i]!);
      return draws;
    },
  };
}

/** Each draw is one of a member's, as often as its weight says; moments are those of the mixture. */
function mixSurrogates(
  key: string,
  { members }: EnsembleFitted,
  scale: number,
  halfWidth: (level: number) => number,
): Surrogate {
  const surrogates = members.map((member) =>
    createSurrogate(key, member.kind, member.fitted, member.scale * scale),
  );
  const weights = Float64Array.from(members, ({ weight }) => weight);
  const mix = (posteriors: readonly Posterior[], rowCount: number): Posterior => ({
    kind: 'mixture',
    weights,
    members: posteriors,
    scale: new Float64Array(rowCount).fill(1),
  });
  // Smooth members rank rows fastest; among equals the one that has most to say.
  const [part] = members
    .map((member, m) => ({ m, isFast: findModel(member.kind).predictCandidates !== undefined, ...member }))
    .sort((a, b) => Number(b.isFast) - Number(a.isFast) || b.weight - a.weight);
  return {
    key,
    halfWidth,
    ...(members.length > 1 && { glance: (inputs: Inputs) => surrogates[part!.m]!.screen(inputs) }),
    predict: (inputs) =>
      mix(
        surrogates.map((surrogate) => surrogate.predict(inputs)),
        inputs.rowCount,
      ),
    screen(inputs) {
      const parts = surrogates.map((surrogate): NormalPosterior => ({
        kind: 'normal',
        ...surrogate.screen(inputs),
      }));
      return momentsOf(mix(parts, inputs.rowCount));
    },
    draw(inputs, count, generator) {
      // Systematic sampling: every member has its share of the draws but for one.
      const start = generator.uniform();
      const shares = new Int32Array(members.length);
      let reached = 0;
      let taken = 0;
      weights.forEach((weight, m) => {
        reached += weight * count;
        const upTo = m === weights.length - 1 ? count : Math.min(count, Math.floor(reached + start));
        shares[m] = upTo - taken;
        taken = upTo;
      });
      const draws = surrogates.flatMap((surrogate, m) =>
        shares[m] === 0 ? [] : surrogate.draw(inputs, shares[m]!, generator.split(`member ${m}`)),
      );
      return generator.shuffle(draws);
    },
  };
}
