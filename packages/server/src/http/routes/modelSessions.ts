import type { Services } from '../../services/services.ts';
import type { EventStreams } from '../eventStreams.ts';
import { JsonText, type RouteHandlers } from '../registerRoute.ts';

type ModelSessionRoute =
  | 'createModelSession'
  | 'listModelSessions'
  | 'getModelSession'
  | 'patchModelSession'
  | 'deleteModelSession'
  | 'buildModelSession'
  | 'preflightBuild'
  | 'preflightModelSession'
  | 'repeatModelSession'
  | 'cancelModelSession'
  | 'predictWithSession'
  | 'getSessionSpace'
  | 'checkSessionSpace'
  | 'streamBuildEvents';

export function modelSessionHandlers(
  { modelSessions, predictions, buildEvents, sessionSpaces }: Services,
  streams: EventStreams,
): RouteHandlers<ModelSessionRoute> {
  return {
    createModelSession: ({ caller, body }) => modelSessions.create(caller, body),
    listModelSessions: ({ caller, query }) => modelSessions.list(caller, query),
    getModelSession: ({ caller, params }) => modelSessions.get(caller, params.sessionId),
    patchModelSession: ({ caller, params, body }) => modelSessions.patch(caller, params.sessionId, body),
    deleteModelSession: ({ caller, params }) => modelSessions.delete(caller, params.sessionId),
    buildModelSession: ({ caller, params, body }) => modelSessions.build(caller, params.sessionId, body),
    preflightBuild: ({ caller, body }) => modelSessions.preflight(caller, body),
    preflightModelSession: ({ caller, params, body }) =>
      modelSessions.preflightAgain(caller, params.sessionId, body),
    repeatModelSession: ({ caller, params }) => modelSessions.repeat(caller, params.sessionId),
    cancelModelSession: ({ caller, params }) => modelSessions.cancel(caller, params.sessionId),
    predictWithSession: async ({ caller, params, body }) =>
      new JsonText(await predictions.withSession(caller, params.sessionId, body)),
    getSessionSpace: ({ caller, params }) => sessionSpaces.infer(caller, params.sessionId),
    checkSessionSpace: ({ caller, params, body }) => sessionSpaces.check(caller, params.sessionId, body),
    streamBuildEvents: ({ caller, params, request, reply }) =>
      streams.send(request, reply, (listener) => buildEvents.follow(caller, params.sessionId, listener)),
  };
}
