import { z } from 'zod';
import { integerQuery } from './integerQuery.ts';
import { defineRoute } from './route.ts';

export const moleculeRoutes = {
  drawMolecule: defineRoute({
    name: 'drawMolecule',
    method: 'GET',
    path: '/molecules/drawing',
    summary: 'Draw a molecule as SVG that can be read on light and dark ground.',
    tag: 'Molecules',
    query: z.strictObject({
      smiles: z.string().min(1).max(5000),
      /** Pixels. */
      width: integerQuery(40, 1200, 240),
      height: integerQuery(40, 1200, 180),
    }),
    status: 200,
    replyType: 'svg',
  }),
} as const;
