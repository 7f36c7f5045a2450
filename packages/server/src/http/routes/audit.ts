import type { Services } from '../../services/services.ts';
import type { RouteHandlers } from '../registerRoute.ts';

export function auditHandlers({ auditTrail }: Services): RouteHandlers<'listAudit'> {
  return {
    listAudit: ({ caller, query }) => auditTrail.list(caller, query),
  };
}
