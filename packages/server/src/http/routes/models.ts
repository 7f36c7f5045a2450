import type { Services } from '../../services/services.ts';
import { JsonText, type RouteHandlers } from '../registerRoute.ts';
import { sendFile } from '../sendFile.ts';

type ModelRoute =
  | 'createModel'
  | 'listModels'
  | 'getModel'
  | 'patchModel'
  | 'deleteModel'
  | 'createDetachedModel'
  | 'listDetachedModels'
  | 'getDetachedModel'
  | 'patchDetachedModel'
  | 'deleteDetachedModel'
  | 'findModel'
  | 'downloadOnnxInSession'
  | 'downloadOnnx'
  | 'getOutOfFold'
  | 'predictWithModel';

export function modelHandlers({ models, predictions, exports }: Services): RouteHandlers<ModelRoute> {
  return {
    createModel: ({ caller, params, body }) => models.create(caller, params.sessionId, body),
    listModels: async ({ caller, params }) => ({
      Items: await models.listOfSession(caller, params.sessionId),
    }),
    getModel: ({ caller, params }) => models.get(caller, params, params.modelId),
    patchModel: ({ caller, params, body }) => models.patch(caller, params, params.modelId, body),
    deleteModel: ({ caller, params }) => models.delete(caller, params, params.modelId),

    createDetachedModel: ({ caller, body }) => models.create(caller, null, body),
    listDetachedModels: ({ caller, query }) => models.listDetached(caller, query.startKey),
    getDetachedModel: ({ caller, params }) => models.get(caller, 'detached', params.modelId),
    patchDetachedModel: ({ caller, params, body }) => models.patch(caller, 'detached', params.modelId, body),
    deleteDetachedModel: ({ caller, params }) => models.delete(caller, 'detached', params.modelId),

    findModel: ({ caller, params }) => models.get(caller, 'anywhere', params.modelId),
    downloadOnnxInSession: async ({ caller, params, reply }) =>
      sendFile(reply, await exports.onnx(caller, params, params.modelId)),
    downloadOnnx: async ({ caller, params, reply }) =>
      sendFile(reply, await exports.onnx(caller, 'anywhere', params.modelId)),
    getOutOfFold: async ({ caller, params }) =>
      new JsonText(await models.readOutOfFold(caller, params.modelId)),
    predictWithModel: async ({ caller, params, body }) =>
      new JsonText(await predictions.withModel(caller, params.modelId, body)),
  };
}
