import {
  type BuildForecastRequest,
  type Dataset,
  type Model,
  type ModelSession,
  type PredictRequest,
  SessionMetrics,
  type VariableOverride,
} from '@athanor/schema';
import { Client } from '@athanor/schema/client';
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';

/** The same API as everyone's; a cookie of this site signs us in. */
export const client = new Client({ url: window.location.origin });

/** Rows are read in pages of this many. */
export const rowsPerPage = 500;

const busy: readonly string[] = ['Queued', 'Building Models', 'Generating Candidates'];

export function isBusy(state: string | undefined): boolean {
  return state !== undefined && busy.includes(state);
}

export function useDatasets() {
  return useQuery({ queryKey: ['datasets'], queryFn: listAllDatasets });
}

export function useDataset(datasetId: string | undefined) {
  return useQuery({
    queryKey: ['dataset', datasetId],
    queryFn: () => client.call('getDataset', { params: { datasetId: datasetId! } }),
    enabled: datasetId !== undefined,
  });
}

export function useProfile(datasetId: string | undefined) {
  return useQuery({
    queryKey: ['dataset', datasetId, 'profile'],
    queryFn: () => client.call('getDatasetProfile', { params: { datasetId: datasetId! } }),
    enabled: datasetId !== undefined,
  });
}

export function rowsQuery(datasetId: string, page: number) {
  return {
    queryKey: ['dataset', datasetId, 'rows', page],
    queryFn: () =>
      client.call('listRows', {
        params: { datasetId },
        query: { offset: page * rowsPerPage, limit: rowsPerPage },
      }),
    staleTime: 60_000,
  };
}

/** The first rows of a table, at most `most`. */
export function useFirstRows(datasetId: string | undefined, most: number) {
  return useQuery({
    queryKey: ['dataset', datasetId, 'first rows', most],
    staleTime: 60_000,
    enabled: datasetId !== undefined,
    queryFn: async () => {
      const ask = (offset: number) =>
        client.call('listRows', {
          params: { datasetId: datasetId! },
          query: { offset, limit: Math.min(1000, most) },
        });
      const first = await ask(0);
      const rows = [...first.rows];
      while (rows.length < Math.min(first.total, most)) {
        const next = await ask(rows.length);
        if (next.rows.length === 0) break;
        rows.push(...next.rows);
      }
      return { columns: first.columns, rows: rows.slice(0, most), total: first.total };
    },
  });
}

export function useSaveVariables(datasetId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (variables: VariableOverride[]) =>
      client.call('patchVariables', { params: { datasetId }, body: { variables } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['dataset', datasetId] }),
  });
}

export function useSessions(datasetId?: string) {
  return useQuery({
    queryKey: ['sessions', datasetId ?? null],
    queryFn: () => listAllSessions(datasetId),
    refetchInterval: ({ state }) => (state.data?.some((session) => isBusy(session.state)) ? 2000 : false),
  });
}

export function useSession(sessionId: string) {
  return useQuery({
    queryKey: ['session', sessionId],
    queryFn: () => client.call('getModelSession', { params: { sessionId } }),
    // The end of a build is told by its events; this is for builds that somebody else starts or drives.
    refetchInterval: ({ state }) => (isBusy(state.data?.state) ? 5000 : false),
  });
}

export function useSessionModels(sessionId: string, refreshMs: number | false = false) {
  return useQuery({
    queryKey: ['session', sessionId, 'models'],
    queryFn: async () => (await client.call('listModels', { params: { sessionId } })).Items,
    refetchInterval: refreshMs,
  });
}

/** Models of all sessions, and those that stand alone. */
export function useAllModels() {
  return useQuery({
    queryKey: ['models'],
    queryFn: async (): Promise<Model[]> => {
      const sessions = await listAllSessions();
      const inSessions = await Promise.all(
        sessions.map(
          async ({ id }) => (await client.call('listModels', { params: { sessionId: id } })).Items,
        ),
      );
      const detached = await readPages((startKey) =>
        client.call('listDetachedModels', { query: { startKey } }),
      );
      return [...inSessions.flat(), ...detached];
    },
  });
}

/** No choice made in any of the lists of the search. */
const everyInsight = {
  name: undefined,
  state: undefined,
  category: undefined,
  createdBy: undefined,
  updatedBy: undefined,
  modelSession: undefined,
  tag: undefined,
};

/** Newest first. */
export function useInsights() {
  return useQuery({
    queryKey: ['insights'],
    queryFn: async () =>
      (await client.call('searchInsights', { query: { ...everyInsight, limit: 1000 } })).Items,
  });
}

export function useInsightsOfSession(sessionId: string) {
  return useQuery({
    queryKey: ['insights', sessionId],
    queryFn: async () =>
      (
        await client.call('searchInsights', {
          query: { ...everyInsight, modelSession: [sessionId], limit: 50 },
        })
      ).Items,
  });
}

/** One insight, asked again every second until it has ended. */
export function useInsight(insightId: string) {
  return useQuery({
    queryKey: ['insight', insightId],
    queryFn: () => client.call('getInsight', { params: { insightId } }),
    refetchInterval: ({ state }) => (isBusy(state.data?.state) ? 1000 : false),
  });
}

/** The audit trail, newest first, a page at a time. */
export function useActivity() {
  return useInfiniteQuery({
    queryKey: ['activity'],
    queryFn: ({ pageParam }) => client.call('listAudit', { query: { startKey: pageParam, limit: 200 } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.lastKey,
  });
}

export function useOutOfFold(modelId: string | undefined) {
  return useQuery({
    queryKey: ['model', modelId, 'outOfFold'],
    queryFn: () => client.call('getOutOfFold', { params: { modelId: modelId! } }),
    enabled: modelId !== undefined,
    staleTime: Infinity,
  });
}

/** What a build would do; the last forecast stays while a new one is on its way. */
export function useForecast(request: BuildForecastRequest) {
  return useQuery({
    queryKey: ['dataset', request.datasetId, 'forecast', request],
    queryFn: () => client.call('forecastBuild', { body: request }),
    enabled: (request.target?.length ?? 0) > 0,
    placeholderData: keepPreviousData,
  });
}

/** Predictions for rows; the last ones stay while new ones are on their way. */
export function usePredictions(sessionId: string, request: PredictRequest | null) {
  return useQuery({
    queryKey: ['session', sessionId, 'predict', request],
    queryFn: ({ signal }) => predict(sessionId, request!, signal),
    enabled: request !== null && request.rows.length > 0,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 30_000,
  });
}

/** The metrics of a session that Athanor built; null for none, or for those of an outside worker. */
export function metricsOf(session: ModelSession | undefined): SessionMetrics | null {
  const parsed = SessionMetrics.safeParse(session?.Registry?.Metrics);
  return parsed.success ? parsed.data : null;
}

/** Uploads a file and makes a dataset of it; the server judges the table at once. */
export async function uploadTable(file: File): Promise<Dataset> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const key = `tables/${crypto.randomUUID()}/${file.name}`;
  await client.upload(key, bytes, 'application/octet-stream');
  return client.call('createDataset', {
    body: { name: withoutExtension(file.name), key, fileName: file.name },
  });
}

function withoutExtension(name: string): string {
  return name.replace(/\.(csv|tsv|txt|xlsx|parquet)$/i, '') || name;
}

async function predict(sessionId: string, request: PredictRequest, signal: AbortSignal) {
  signal.throwIfAborted();
  return client.call('predictWithSession', { params: { sessionId }, body: request });
}

function listAllDatasets(): Promise<Dataset[]> {
  return readPages((startKey) => client.call('listDatasets', { query: { startKey } }));
}

function listAllSessions(datasetId?: string): Promise<ModelSession[]> {
  return readPages((startKey) => client.call('listModelSessions', { query: { startKey, datasetId } }));
}

async function readPages<Item>(
  read: (startKey: string | undefined) => Promise<{ Items: Item[]; lastKey?: string | undefined }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let startKey: string | undefined;
  do {
    const page = await read(startKey);
    items.push(...page.Items);
    startKey = page.lastKey;
  } while (startKey !== undefined);
  return items;
}
