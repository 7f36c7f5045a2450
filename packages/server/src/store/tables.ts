/** Who made and who last changed a record; names are kept as they were, so that the story survives a deleted user. */
interface StampedTable {
  createdBy: number;
  createdByName: string;
  createdAt: string;
  updatedBy: number;
  updatedByName: string;
  updatedAt: string;
}

export interface TenantTable {
  id: number;
  name: string;
  createdAt: string;
}

export interface UserTable extends StampedTable {
  id: number;
  tenantId: number;
  name: string;
  email: string | null;
  userClass: string;
  status: string;
}

/** A credential for the client-credentials grant. The secret itself is nowhere, only its SHA-256. */
export interface ClientTable {
  clientId: string;
  tenantId: number;
  userId: number;
  name: string;
  secretHash: string;
  createdAt: string;
  revokedAt: string | null;
}

/** Last number given out for a kind of record; numbers are never given out twice. */
export interface CounterTable {
  kind: string;
  last: number;
}

/** One stored version of a file; the version with the highest id is the current one. */
export interface FileTable {
  id: number;
  tenantId: number;
  namespace: string;
  name: string;
  /** SHA-256 of the bytes, the key of the blob. */
  hash: string;
  size: number;
  contentType: string;
  /** JSON: list of string maps. */
  metadata: string;
  createdBy: number;
  createdAt: string;
}

export interface DatasetTable extends StampedTable {
  id: number;
  tenantId: number;
  name: string;
  parentId: string | null;
  key: string | null;
  fileName: string | null;
  /** JSON */
  report: string | null;
  /** JSON */
  references: string | null;
  /** JSON: how to read the file where it cannot be told. */
  readOptions: string | null;
  /** SHA-256 of the data file; null while the dataset has no data. */
  dataHash: string | null;
  rowCount: number | null;
  columnCount: number | null;
  /** JSON: list of VariableOverride. */
  overrides: string;
  /** Number of its newest data; null while there never were any. */
  dataVersion: number | null;
}

/** Data of a dataset as they were at one time. */
export interface DatasetVersionTable {
  datasetId: number;
  version: number;
  tenantId: number;
  /** Version of the file, where that is known. */
  fileId: number | null;
  key: string;
  dataHash: string;
  rowCount: number;
  columnCount: number;
  /** Rows added at the end of the version before; null for a file that was put in whole. */
  rowsAdded: number | null;
  /** Who proposed these rows. */
  insightId: number | null;
  /** JSON: rank of the candidate that each added row measured, null for none. */
  ranks: string | null;
  createdBy: number;
  createdByName: string;
  createdAt: string;
}

export interface ModelSessionTable extends StampedTable {
  id: number;
  tenantId: number;
  name: string;
  category: string;
  datasetId: number;
  state: string;
  /** JSON: list of column keys; null until known. */
  target: string | null;
  /** JSON: BuildOptions. */
  buildOptions: string;
  defaultModel: string | null;
  totalTime: string | null;
  modelCount: number | null;
  /** JSON: SessionRegistry. */
  registry: string | null;
  /** 1 when a client wrote the registry: then no build overwrites it. */
  registryByClient: number;
  /** JSON: what the client said in albertModelDetails. */
  details: string | null;
  flag: number;
  /** The session that it follows. */
  parentSessionId: number | null;
  /** The insight that its build has asked for as its last step. */
  insightId: number | null;
}

export interface ModelTable extends StampedTable {
  id: number;
  tenantId: number;
  /** Null for a detached model. */
  sessionId: number | null;
  datasetId: number | null;
  name: string;
  type: string;
  state: string | null;
  /** JSON: list of column keys. */
  target: string | null;
  /** JSON */
  metadata: string | null;
  startTime: string | null;
  endTime: string | null;
  totalTime: string | null;
  modelBinaryKey: string | null;
  flag: number;
  /** Build that makes this model; null when a client drives the record, which is then never touched by a build. */
  buildId: number | null;
  /** Name of the model in its build's requests; stays when the record is renamed. */
  requestName: string | null;
  /** SHA-256 of the artifact that Athanor built; null when there is none it can run. */
  artifactHash: string | null;
  /** The insight that its build has asked for as its last step. */
  insightId: number | null;
}

/** One run of the builder: for a whole session, or for one model that a user posted. */
export interface BuildTable {
  id: number;
  tenantId: number;
  sessionId: number | null;
  /** The one model it makes; null for the portfolio of an automatic session. */
  modelId: number | null;
  datasetId: number;
  /** `queued`, `running`, `complete`, `failed`, `cancelled`. */
  status: string;
  /** JSON: BuildOrder, all a build depends on. */
  request: string;
  /** SHA-256 of the data file. */
  dataHash: string;
  /** Blobs made by the plan job. */
  tableHash: string | null;
  planHash: string | null;
  /** JSON: PlanSummary, what the log of the session tells of the plan. */
  summary: string | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
}

/** One fit task of a build, and its result once it has landed. */
export interface BuildTaskTable {
  buildId: number;
  taskId: string;
  /** Place in the plan. */
  position: number;
  model: number;
  target: number;
  /** taskId of the task whose full fit this one starts from. */
  after: string | null;
  parts: number;
  estimatedSeconds: number;
  /** `waiting`, `queued`, `done`, `failed`. */
  status: string;
  /** Blob of the encoded TaskResult. */
  resultHash: string | null;
  seconds: number | null;
  /** Why it failed. */
  errorCode: string | null;
  errorMessage: string | null;
}

/** One line of the story of a build. */
export interface BuildLogTable {
  buildId: number;
  /** 1, 2, … within the build. */
  number: number;
  at: string;
  stage: string;
  code: string | null;
  message: string;
}

export interface JobTable {
  id: number;
  tenantId: number;
  kind: string;
  /** Jobs that are cancelled together. */
  groupKey: string;
  /** JSON */
  payload: string;
  /** Higher first; equal ones in order of arrival. */
  priority: number;
  /** `queued`, `running`, `done`, `failed`, `cancelled`. */
  state: string;
  /** Failed attempts since the last durable progress. */
  attempts: number;
  /** Number of the present lease; grows with every claim and is compared when a result is committed. */
  fence: number;
  queuedAt: string;
  startedAt: string | null;
  endedAt: string | null;
  errorCode: string | null;
  errorMessage: string | null;
}

/** What datasets and insights hang under. Numbers are each tenant's own, because clients may name new ones. */
export interface ProjectTable extends StampedTable {
  id: number;
  tenantId: number;
  description: string;
  class: string;
  state: string | null;
  /** JSON: fields kept for the client. */
  kept: string;
}

export interface TargetTable extends StampedTable {
  id: number;
  tenantId: number;
  name: string;
  /** Number of a project. */
  parentId: number | null;
  dataTemplateId: string;
  dataColumnId: string;
  unitId: string | null;
  /** JSON: list of TargetParameter. */
  parameters: string | null;
  /** JSON: Criterion. */
  targetValue: string;
  isRequired: number;
  /** JSON */
  validation: string | null;
}

export interface InsightTable extends StampedTable {
  id: number;
  tenantId: number;
  name: string;
  category: string;
  state: string | null;
  /** Number of a project. */
  parentId: number | null;
  datasetId: number | null;
  modelSessionId: number | null;
  modelId: number | null;
  smartDatasetId: number | null;
  /** JSON */
  metadata: string | null;
  outputKey: string | null;
  startTime: string | null;
  endTime: string | null;
  totalTime: string | null;
  /** JSON */
  rawPayload: string | null;
  payloadType: string | null;
  /** JSON: InsightRegistry. */
  registry: string | null;
  contentEdited: number | null;
  /** 1 while the server computes it; 0 when a client drives the record, which is then never touched here. */
  isOurs: number;
}

/** A tag of an insight, from its Metadata. */
export interface InsightTagTable {
  insightId: number;
  tenantId: number;
  tag: string;
}

/** All words of an insight; `rowid` is its number. The texts themselves are not stored. */
export interface InsightTextTable {
  rowid: number;
  words: string;
}

export interface SmartDatasetTable extends StampedTable {
  id: number;
  tenantId: number;
  /** Number of a project. */
  parentId: number | null;
  /** `building`, `ready`, `failed`; null before the first build. */
  buildState: string | null;
  /** JSON: SmartDatasetScope. */
  scope: string;
  /** JSON: MatrixSchema, or what a client wrote. */
  schema: string | null;
  storageKey: string | null;
  /** Blob of the matrix that Athanor built; null when there is none it can read. */
  matrixHash: string | null;
  /** JSON: code and message. */
  failure: string | null;
  /** 0 when a client drives the record. */
  isOurs: number;
}

export interface AuditEntryTable {
  id: number;
  tenantId: number;
  at: string;
  userId: number;
  userName: string;
  clientId: string;
  action: string;
  kind: string;
  record: string;
  /** JSON */
  before: string | null;
  /** JSON */
  after: string | null;
}

/** The answer to a request with an Idempotency-Key, for when it comes again. */
export interface RepeatedRequestTable {
  tenantId: number;
  clientId: string;
  key: string;
  /** SHA-256 of method, address and body. */
  requestHash: string;
  status: number;
  /** JSON text as it was sent. */
  answer: string;
  at: string;
}

/** A token that was ended before its time. */
export interface EndedTokenTable {
  tokenId: string;
  /** Seconds since 1970. */
  expiresAt: number;
}

/** The whole store, as Kysely sees it. */
export interface Tables {
  tenant: TenantTable;
  user: UserTable;
  client: ClientTable;
  counter: CounterTable;
  file: FileTable;
  dataset: DatasetTable;
  datasetVersion: DatasetVersionTable;
  modelSession: ModelSessionTable;
  model: ModelTable;
  build: BuildTable;
  buildTask: BuildTaskTable;
  buildLog: BuildLogTable;
  job: JobTable;
  project: ProjectTable;
  target: TargetTable;
  insight: InsightTable;
  insightTag: InsightTagTable;
  insightText: InsightTextTable;
  smartDataset: SmartDatasetTable;
  auditEntry: AuditEntryTable;
  repeatedRequest: RepeatedRequestTable;
  endedToken: EndedTokenTable;
}
