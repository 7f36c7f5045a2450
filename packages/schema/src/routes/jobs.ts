import { z } from 'zod';
import { Job, JobState } from '../records/job.ts';
import { integerQuery } from './integerQuery.ts';
import { listQuery } from './listQuery.ts';
import { defineRoute } from './route.ts';

export const jobRoutes = {
  listJobs: defineRoute({
    name: 'listJobs',
    method: 'GET',
    path: '/jobs',
    summary: 'What is being worked on, then what waits, then what ended lately.',
    tag: 'Jobs',
    query: z.strictObject({ state: listQuery(JobState), limit: integerQuery(1, 500, 100) }),
    status: 200,
    reply: z.object({ Items: z.array(Job) }),
  }),
} as const;
