import {
  type CellValue,
  type Dataset,
  type DatasetRowsAdd,
  type Insight,
  type InputRow,
  type Model,
  type ModelSession,
  type PredictRequest,
  type PreflightRequest,
  SessionMetrics,
  type SpaceCheckRequest,
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
import { useMemo } from 'react';
import { type CandidateReview, markCandidate, readReview } from './design/candidateReview.ts';

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

/** The columns of a table that hold structures. */
export function useMolecularKeys(datasetId: string | undefined): ReadonlySet<string> {
  const profile = useProfile(datasetId);
  return useMemo(
    () =>
      new Set(
        profile.data?.variables.filter(({ dataType }) => dataType === 'molecular').map(({ key }) => key),
      ),
    [profile.data],
  );
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

/** What people made of the proposals of an insight, and how to say more; it is kept with the insight. */
export function useReview(insight: Insight) {
  const queries = useQueryClient();
  const queryKey = ['insight', insight.albertId];
  const save = useMutation({
    mutationFn: (review: CandidateReview) =>
      client.call('patchInsight', {
        params: { insightId: insight.albertId },
        body: {
          data: [{ operation: 'update', attribute: 'Metadata', newValue: { ...insight.Metadata, review } }],
        },
      }),
    // Shown at once; the answer of the server counts in the end.
    onMutate: (review) => {
      const before = queries.getQueryData<Insight>(queryKey);
      queries.setQueryData<Insight>(
        queryKey,
        (now) => now && { ...now, Metadata: { ...now.Metadata, review } },
      );
      return before;
    },
    onError: (_error, _review, before) => queries.setQueryData(queryKey, before),
    onSuccess: (fresh) => queries.setQueryData(queryKey, fresh),
  });
  const review = useMemo(() => readReview(insight.Metadata), [insight.Metadata]);
  return {
    review,
    error: save.error,
    mark: (rank: number, mark: 'pinned' | 'excluded' | null) =>
      save.mutate(markCandidate(review, rank, mark)),
  };
}

/** How the proposals of an insight did, once measured; asked again when rows come to its dataset. */
export function useOutcome(insightId: string, datasetId: string | undefined) {
  return useQuery({
    queryKey: ['dataset', datasetId, 'outcome', insightId],
    queryFn: () => client.call('getInsightOutcome', { params: { insightId } }),
    enabled: datasetId !== undefined,
    retry: false,
  });
}

/** Adds measured results to a table. */
export function useAddRows(datasetId: string | undefined) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: DatasetRowsAdd) => client.call('addRows', { params: { datasetId: datasetId! }, body }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['dataset', datasetId] });
      await queries.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
}

/** The inputs of the rows of a table made so far, as rows of names. */
export function useMadeRows(
  datasetId: string | undefined,
  inputs: readonly string[],
  most: number,
): InputRow[] {
  const table = useFirstRows(datasetId, most);
  return useMemo(() => {
    if (table.data === undefined) return [];
    const places = inputs.map((key) => [key, table.data.columns.indexOf(key)] as const);
    return table.data.rows.map((row) =>
      Object.fromEntries(places.map(([key, j]): [string, CellValue] => [key, row[j] ?? null])),
    );
  }, [table.data, inputs]);
}

/** What the server works on; asked again while anything runs or waits. */
export function useJobs() {
  return useQuery({
    queryKey: ['jobs'],
    queryFn: async () => (await client.call('listJobs', { query: { state: [], limit: 200 } })).Items,
    refetchInterval: ({ state }) =>
      state.data?.some((job) => job.state === 'waiting' || job.state === 'running') ? 1500 : 10_000,
  });
}

export function useUsers() {
  return useQuery({
    queryKey: ['users'],
    queryFn: () => readPages((startKey) => client.call('listUsers', { query: { startKey, id: [] } })),
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

/** What a build would do and cost; the last answer stays while a new one is on its way. */
export function usePreflight(request: PreflightRequest) {
  return useQuery({
    queryKey: ['dataset', request.datasetId, 'preflight', request],
    queryFn: () => client.call('preflightBuild', { body: request }),
    enabled: (request.target?.length ?? 0) > 0,
    placeholderData: keepPreviousData,
  });
}

/** The search space that the data of a session span. */
export function useSessionSpace(sessionId: string | undefined) {
  return useQuery({
    queryKey: ['session', sessionId, 'space'],
    queryFn: () => client.call('getSessionSpace', { params: { sessionId: sessionId! } }),
    enabled: sessionId !== undefined,
    staleTime: Infinity,
  });
}

/** Whether anything is in a space, and what it says; the last answer stays while a new one is on its way. */
export function useSpaceCheck(sessionId: string | undefined, space: SpaceCheckRequest['space'] | null) {
  return useQuery({
    queryKey: ['session', sessionId, 'space check', space],
    queryFn: () =>
      client.call('checkSessionSpace', { params: { sessionId: sessionId! }, body: { space: space! } }),
    enabled: sessionId !== undefined && space !== null,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
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
