import { z } from 'zod';
import { BuildState } from '../records/buildState.ts';
import { candidateContentTypes, candidateFormats } from '../records/designPayload.ts';
import { Insight, InsightCategory, InsightCreate, insightSortKeys } from '../records/insight.ts';
import { InsightOutcome } from '../records/insightOutcome.ts';
import { PatchBody } from '../records/patch.ts';
import { integerQuery } from './integerQuery.ts';
import { listQuery } from './listQuery.ts';
import { defineRoute } from './route.ts';

const params = z.object({ insightId: z.string() });
const word = z.string().min(1).max(500);
/** A day or an instant, ISO 8601; a day means its first moment in a `from`, its last one in a `to`. */
const date = z
  .union([z.iso.date(), z.iso.datetime({ offset: true, local: true })], {
    error: 'must be a date like 2026-01-31 or 2026-01-31T12:00:00Z',
  })
  .optional();

export const insightRoutes = {
  createInsight: defineRoute({
    name: 'createInsight',
    method: 'POST',
    path: '/btinsight',
    summary: 'Create an insight; posted as Queued it is computed, in any other state it is the client’s own.',
    tag: 'Insights',
    body: InsightCreate,
    status: 201,
    reply: Insight,
  }),
  searchInsights: defineRoute({
    name: 'searchInsights',
    method: 'GET',
    path: '/btinsight/search',
    summary: 'Search insights by text, fields and dates.',
    tag: 'Insights',
    query: z.strictObject({
      /** Words, or beginnings of words, of name, category, dataset, session, model or log; all must be found. */
      text: z.string().max(500).optional(),
      name: listQuery(word),
      state: listQuery(BuildState),
      category: listQuery(InsightCategory),
      createdBy: listQuery(word),
      updatedBy: listQuery(word),
      fromCreatedAt: date,
      toCreatedAt: date,
      fromUpdatedAt: date,
      toUpdatedAt: date,
      modelSession: listQuery(word),
      tag: listQuery(word),
      order: z.enum(['asc', 'desc']).default('desc'),
      sortBy: z.enum(insightSortKeys).default('createdAt'),
      offset: integerQuery(0, 1_000_000_000, 0),
      limit: integerQuery(1, 1000, 100),
    }),
    status: 200,
    reply: z.object({ Items: z.array(Insight), offset: z.int(), total: z.int() }),
  }),
  getInsight: defineRoute({
    name: 'getInsight',
    method: 'GET',
    path: '/btinsight/:insightId',
    summary: 'Read an insight.',
    tag: 'Insights',
    params,
    status: 200,
    reply: Insight,
  }),
  patchInsight: defineRoute({
    name: 'patchInsight',
    method: 'PATCH',
    path: '/btinsight/:insightId',
    summary: 'Change what a client may say of an insight; from then on the client drives it.',
    tag: 'Insights',
    params,
    body: PatchBody,
    status: 200,
    reply: Insight,
  }),
  deleteInsight: defineRoute({
    name: 'deleteInsight',
    method: 'DELETE',
    path: '/btinsight/:insightId',
    summary: 'Delete an insight and its result; a running computation is cancelled.',
    tag: 'Insights',
    params,
    status: 204,
  }),
  cancelInsight: defineRoute({
    name: 'cancelInsight',
    method: 'POST',
    path: '/btinsight/:insightId/cancel',
    summary: 'Stop the computation; the insight ends as Error with code CANCELLED in its log.',
    tag: 'Insights',
    params,
    status: 202,
    reply: Insight,
  }),
  getInsightOutcome: defineRoute({
    name: 'getInsightOutcome',
    method: 'GET',
    path: '/btinsight/:insightId/outcome',
    summary: 'How the proposed experiments did against their predictions, and whether to go on.',
    tag: 'Insights',
    params,
    status: 200,
    reply: InsightOutcome,
  }),
  downloadCandidates: defineRoute({
    name: 'downloadCandidates',
    method: 'GET',
    path: '/btinsight/:insightId/candidates',
    summary: 'Download the proposed experiments as a file.',
    tag: 'Insights',
    params,
    query: z.strictObject({
      format: z.enum(candidateFormats).default('csv'),
      /** Ranks to take, separated by commas; all without it. */
      ranks: z
        .string()
        .regex(/^[1-9][0-9]{0,5}(,[1-9][0-9]{0,5}){0,999}$/, 'must be ranks separated by commas, like 1,3')
        .optional(),
    }),
    status: 200,
    replyType: 'binary',
    contentTypes: Object.values(candidateContentTypes),
  }),
} as const;
