import type { CampaignModel } from './runCampaign.ts';

/** The model of campaigns: a process that finds out by itself how smooth the target is, because nobody compares models there. */
export const campaignModel: CampaignModel = { kind: 'gaussianProcess', spec: { kernel: 'auto' } };
