import { ComparedCandidates } from '@athanor/schema';
import { useQuery } from '@tanstack/react-query';
import { client } from './api.ts';

/** The picture of what an insight compared before it chose; for those that have left one. */
export function useCompared(insightId: string, file: string | undefined) {
  return useQuery({
    queryKey: ['compared', insightId],
    queryFn: async () => {
      const bytes = await client.download(`insights/${insightId}/${file}`);
      return ComparedCandidates.parse(JSON.parse(new TextDecoder().decode(bytes)));
    },
    enabled: file !== undefined,
    staleTime: Infinity,
  });
}
