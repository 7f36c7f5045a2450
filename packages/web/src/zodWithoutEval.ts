import { z } from 'zod';

/**
 * Zod compiles its checks with `new Function` where it may; our policy forbids that, and even the attempt would be
 * reported. Import this before any schema is made.
 */
export const zodWithoutEval = z.config({ jitless: true });
