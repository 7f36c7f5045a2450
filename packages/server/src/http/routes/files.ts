import type { ServerConfig } from '../../config.ts';
import type { Services } from '../../services/services.ts';
import { contentDisposition } from '../contentDisposition.ts';
import { originOf } from '../originOf.ts';
import type { RouteHandlers } from '../registerRoute.ts';

/** Types a browser would never run; any other is sent as plain bytes. */
const servedTypes = /^(text\/(csv|plain)|application\/(json|octet-stream|pdf|zip|vnd\.[\w.+-]+))$/;

export function fileHandlers(
  { files }: Services,
  config: ServerConfig,
): RouteHandlers<'signUploads' | 'signDownload' | 'getFileInfo' | 'putFileContent' | 'getFileContent'> {
  return {
    signUploads: async ({ caller, body, request }) =>
      files.signUploads(caller, body.files, originOf(config, request)),

    signDownload: async ({ caller, query, request }) => ({
      URL: await files.signDownload(caller, query, originOf(config, request)),
    }),

    getFileInfo: ({ caller, query }) => files.info(caller, query.name, query.namespace),

    putFileContent: ({ params, request }) =>
      files.receive(params.signature, request.headers['content-type'] ?? '', request.raw),

    async getFileContent({ params, reply }) {
      const { file, content } = await files.open(params.signature);
      const type = file.contentType.split(';')[0]!.trim().toLowerCase();
      return reply
        .headers({
          'content-type': servedTypes.test(type) ? type : 'application/octet-stream',
          'content-length': String(file.size),
          'content-disposition': contentDisposition(file.name),
          etag: `"${file.etag}"`,
        })
        .send(content);
    },
  };
}
