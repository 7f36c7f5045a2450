import { createHash } from 'node:crypto';
import type { Services } from '../../services/services.ts';
import { version } from '../../version.ts';
import type { RouteHandlers } from '../registerRoute.ts';

/** The same SMILES gives the same picture until the server is a newer one: a day, then the browser asks again. */
const lifetime = 'private, max-age=86400';

export function moleculeHandlers({ molecules }: Services): RouteHandlers<'drawMolecule'> {
  return {
    async drawMolecule({ query, request, reply }) {
      const { smiles, width, height } = query;
      const etag = `"${createHash('sha256')
        .update(JSON.stringify([version, smiles, width, height]))
        .digest('hex')
        .slice(0, 32)}"`;
      if (request.headers['if-none-match'] === etag)
        return reply.code(304).headers({ etag, 'cache-control': lifetime }).send();
      const svg = await molecules.draw({ smiles, width, height });
      return reply
        .headers({ 'content-type': 'image/svg+xml; charset=utf-8', 'cache-control': lifetime, etag })
        .send(svg);
    },
  };
}
