/**
 * Every error that Athanor can answer with: one table, from which the answer, the documentation page
 * (docs/errors.md, generated) and the OpenAPI document are made.
 *
 * `status` is the HTTP status, `title` one line for a person, `fix` the usual remedy (an occurrence may give a more
 * exact one). Ordinary refusals are 400, 404, 409, 413, 415 or 422, because the public client repeats every 403
 * and 5xx four times. Long because it is the one table of all of them.
 */
interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  readonly fix: string;
}

const table = {
  // The request itself
  BODY_MALFORMED: {
    status: 400,
    title: 'The request body cannot be read.',
    fix: 'Send valid JSON in UTF-8 with Content-Type application/json.',
  },
  FIELD_INVALID: {
    status: 400,
    title: 'A field of the request has a wrong value.',
    fix: 'Correct the field that is named.',
  },
  FIELD_UNKNOWN: {
    status: 400,
    title: 'The request has a field that does not exist.',
    fix: 'Remove the field, or check its spelling in the API reference.',
  },
  HOST_UNKNOWN: {
    status: 421,
    title: 'This server does not answer for the host named in the request.',
    fix: 'Use the address the server printed at start, or add the host with --public-url.',
  },
  ORIGIN_UNKNOWN: {
    status: 403,
    title: 'Pages of other sites may not call this server.',
    fix: 'Call it from a program, or from a page of this server.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The request body is too large.',
    fix: 'Send less at once; the limit is in the message.',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    title: 'The Content-Type of the request is not supported.',
    fix: 'Send application/json (or form data for the token route).',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request took too long to arrive.',
    fix: 'Try again on a faster connection.',
  },
  ROUTE_NOT_FOUND: { status: 404, title: 'There is no such route.', fix: 'See the API reference at /docs.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'The route exists, but not for this method.',
    fix: 'Use a method listed in the Allow header.',
  },
  RATE_LIMITED: {
    status: 429,
    title: 'Too many failed attempts.',
    fix: 'Wait for the seconds in Retry-After.',
  },
  INTERNAL: {
    status: 500,
    title: 'The server met an unexpected error.',
    fix: 'Try again; if it stays, look for the request id in the server log and report it.',
  },
  STORE_UNAVAILABLE: {
    status: 503,
    title: 'The store cannot be reached at the moment.',
    fix: 'Try again after Retry-After seconds.',
  },
  DISK_FULL: {
    status: 507,
    title: 'The disk of the server is full.',
    fix: 'Free space; reading and predicting go on meanwhile.',
  },
  COMPUTE_UNAVAILABLE: {
    status: 503,
    title: 'Reading the table or predicting took too much time or memory.',
    fix: 'Ask for less at once, or raise the limits of the server.',
  },
  SERVER_STOPPING: { status: 503, title: 'The server is shutting down.', fix: 'Try again in a few seconds.' },

  // Who is asking
  TOKEN_MISSING: {
    status: 401,
    title: 'No access token was sent.',
    fix: 'Sign in and send Authorization: Bearer <token>.',
  },
  TOKEN_INVALID: {
    status: 401,
    title: 'The access token is not valid here.',
    fix: 'Sign in again with this server.',
  },
  TOKEN_EXPIRED: { status: 401, title: 'The access token has expired.', fix: 'Sign in again.' },
  CLIENT_INVALID: {
    status: 401,
    title: 'Unknown client or wrong secret.',
    fix: 'Check client id and secret.',
  },
  SIGN_IN_LINK_INVALID: {
    status: 401,
    title: 'This sign-in link was used already or is too old.',
    fix: 'Get a new one with npx athanor link, or sign in with client id and secret.',
  },
  GRANT_UNSUPPORTED: {
    status: 400,
    title: 'Only client_credentials is supported.',
    fix: 'Send grant_type=client_credentials.',
  },
  ROLE_INSUFFICIENT: {
    status: 403,
    title: 'This user may not do that.',
    fix: 'Ask an administrator for the class of user named in the message.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    title: 'This Idempotency-Key was used for another request.',
    fix: 'Make a new key for every new request; send a key again only with the same request.',
  },
  IDEMPOTENCY_KEY_UNUSABLE: {
    status: 400,
    title: 'The Idempotency-Key cannot be used.',
    fix: 'Send 1 to 255 printable ASCII characters, on routes that can be repeated.',
  },

  // Records
  RECORD_NOT_FOUND: {
    status: 404,
    title: 'There is no such record.',
    fix: 'Check the id; it may have been deleted.',
  },
  LOST_UPDATE: {
    status: 409,
    title: 'Somebody else changed the record first.',
    fix: 'Read the record again and repeat the change.',
  },
  ATTRIBUTE_NOT_PATCHABLE: {
    status: 400,
    title: 'This attribute cannot be changed.',
    fix: 'Change one of the attributes named in the message.',
  },
  PATCH_CONFLICT: {
    status: 409,
    title: 'The change does not fit the record.',
    fix: 'Use add for an absent attribute, update or delete for a present one.',
  },
  DATASET_IN_USE: {
    status: 409,
    title: 'Other records still use this dataset.',
    fix: 'Delete the records named in the message first.',
  },
  RECORD_IN_USE: {
    status: 409,
    title: 'Other records still use this one.',
    fix: 'Delete the records named in the message first.',
  },
  USER_NOT_REMOVABLE: {
    status: 409,
    title: 'The last administrator stays.',
    fix: 'Make another administrator first.',
  },
  SMART_DATASET_NOT_READY: {
    status: 409,
    title: 'The smart dataset is not ready.',
    fix: 'Wait until its buildState is ready; why a build failed is in its failure.',
  },
  SMART_DATASET_EMPTY: {
    status: 422,
    title: 'No experiments are in the scope of the smart dataset.',
    fix: 'Give datasets with data the parentId of one of the projects.',
  },
  DESIGN_RUN_INVALID: {
    status: 422,
    title: 'The design run cannot be started.',
    fix: 'Correct what errors names; /designruns/validate tells the same without starting.',
  },
  INSIGHT_NOT_COMPUTABLE: {
    status: 422,
    title: 'Athanor cannot compute an insight of this category.',
    fix: 'Compute it outside and post it with its state and result.',
  },
  INSIGHT_WITHOUT_CANDIDATES: {
    status: 409,
    title: 'The insight holds no candidates.',
    fix: 'Wait until its state is Complete; an insight that a client computed keeps candidates of its own.',
  },
  OUTCOME_UNKNOWN: {
    status: 409,
    title: 'It is not known where the measurements of these experiments are.',
    fix: 'Add the measured rows to their dataset with insightId: POST /btdataset/{DST}/rows.',
  },
  BUILD_IN_PROGRESS: {
    status: 409,
    title: 'The session is being built.',
    fix: 'Wait for the build to end or cancel it first.',
  },
  BUILD_NOT_RUNNING: { status: 409, title: 'There is no build to cancel.', fix: 'Nothing needs to be done.' },
  MODEL_NOT_READY: {
    status: 409,
    title: 'The model cannot predict yet.',
    fix: 'Wait until its state is Complete.',
  },
  MODEL_NOT_PREDICTABLE: {
    status: 409,
    title: 'This model was built elsewhere and Athanor cannot run it.',
    fix: 'Use a model that Athanor built.',
  },
  MODEL_NOT_EXPORTABLE: {
    status: 409,
    title: 'This model cannot be written as an ONNX file.',
    fix: 'Predict with Athanor, or export another model of the session.',
  },
  SESSION_NOT_REPEATABLE: {
    status: 409,
    title: 'The registry of the session does not say how it was built.',
    fix: 'Repeat a session that Athanor built and whose registry nobody has replaced.',
  },
  DATASET_CHANGED: {
    status: 409,
    title: 'No version of the dataset is what the session was built from.',
    fix: 'Upload that file as a dataset of its own, or build the session again.',
  },
  ARITHMETIC_UNAVAILABLE: {
    status: 409,
    title: 'This machine cannot do the arithmetic that the session was built with.',
    fix: 'Repeat it on a machine that can; sessions built with simd repeat on any.',
  },
  SESSION_NOT_BUILDABLE: {
    status: 409,
    title: 'The session has nothing Athanor can build.',
    fix: 'Create the session with category albertModel, or post a model with state Queued.',
  },

  // Files
  FILE_NOT_FOUND: {
    status: 404,
    title: 'There is no such file.',
    fix: 'Upload it first, and check name and namespace.',
  },
  FILE_TOO_LARGE: {
    status: 413,
    title: 'The file is too large.',
    fix: 'Split the file; the limit is in the message.',
  },
  FILE_URL_INVALID: {
    status: 404,
    title: 'This signed address is not valid or has expired.',
    fix: 'Ask for a new signed address.',
  },
  FILE_CORRUPTED: {
    status: 500,
    title: 'The stored bytes of the file have changed; they are not given out.',
    fix: 'Restore the file from a backup or upload it again, and check the disk of the server.',
  },
  UPLOAD_INCOMPLETE: {
    status: 400,
    title: 'The upload ended before all bytes had arrived.',
    fix: 'Upload the file again.',
  },

  // Reading a table
  FILE_EMPTY: {
    status: 422,
    title: 'The file is empty.',
    fix: 'Upload a table with a header row and one row per experiment.',
  },
  TABLE_WITHOUT_ROWS: {
    status: 422,
    title: 'The table has a header but no rows.',
    fix: 'Add one row per experiment.',
  },
  FILE_KIND_UNSUPPORTED: {
    status: 415,
    title: 'This is not a table Athanor can read.',
    fix: 'Save it as CSV (UTF-8), .xlsx or Parquet.',
  },
  FILE_DAMAGED: {
    status: 422,
    title: 'The file is damaged or cut off.',
    fix: 'Export it again and upload the new file.',
  },
  FILE_ENCRYPTED: {
    status: 422,
    title: 'The file is protected by a password.',
    fix: 'Save it without a password.',
  },
  FILE_UNPACKS_TOO_LARGE: {
    status: 413,
    title: 'The file unpacks to more than is allowed.',
    fix: 'Export only the table itself, as CSV.',
  },
  TABLE_TOO_LARGE: {
    status: 413,
    title: 'The table has too many rows, columns or characters in a cell.',
    fix: 'Keep within the limits in detail.',
  },
  ENCODING_UNKNOWN: {
    status: 422,
    title: 'The text encoding of the file cannot be told.',
    fix: 'Save the file as UTF-8.',
  },
  SHEET_AMBIGUOUS: {
    status: 422,
    title: 'Several sheets could be the table.',
    fix: 'Name the sheet, or keep one sheet per file.',
  },
  SHEET_UNKNOWN: {
    status: 422,
    title: 'The workbook has no sheet of this name.',
    fix: 'Name one of the sheets in detail.',
  },
  HEADER_MISSING: {
    status: 422,
    title: 'No header row was found.',
    fix: 'Put the column names into the first row.',
  },
  HEADER_INVALID: {
    status: 422,
    title: 'A column name is empty, too long or repeated.',
    fix: 'Give each column its own short name.',
  },
  QUOTE_UNCLOSED: {
    status: 422,
    title: 'A quoted cell is never closed.',
    fix: 'Close the quote in that row.',
  },
  ROW_RAGGED: {
    status: 422,
    title: 'A row has more or fewer cells than the header.',
    fix: 'Quote cells that contain the delimiter.',
  },
  CELL_INVALID: { status: 422, title: 'A cell cannot be used.', fix: 'Correct that cell.' },
  DECIMAL_AMBIGUOUS: {
    status: 422,
    title: 'The decimal mark of a column cannot be told.',
    fix: 'Write 1234 or 1.234 so that the comma has one meaning in the whole column.',
  },
  DECIMAL_CONTRADICTORY: {
    status: 422,
    title: 'Cells of one column use different decimal or thousands marks.',
    fix: 'Write all numbers of the column in one way; the two rows in detail contradict each other.',
  },
  DATE_AMBIGUOUS: {
    status: 422,
    title: 'The order of day and month cannot be told.',
    fix: 'Write dates as YYYY-MM-DD.',
  },
  COLUMN_UNSUPPORTED: {
    status: 422,
    title: 'A column has a type that has no place in a table.',
    fix: 'Leave the column out, or flatten it.',
  },

  // Building and predicting
  COLUMN_UNKNOWN: {
    status: 422,
    title: 'There is no such column.',
    fix: 'Use one of the columns named in the message.',
  },
  COLUMN_MISSING: {
    status: 422,
    title: 'A column the model needs is missing.',
    fix: 'Add the column named in the message.',
  },
  VARIABLE_CONFLICT: {
    status: 422,
    title: 'The column cannot be used that way.',
    fix: 'Choose a type, data type or role that fits its cells.',
  },
  TARGET_MISSING: {
    status: 422,
    title: 'No target was named and none could be told.',
    fix: 'Name the measured properties to model.',
  },
  TARGET_UNKNOWN: {
    status: 422,
    title: 'The target is not a column of the dataset.',
    fix: 'Use one of the columns named in the message.',
  },
  TARGET_EMPTY: {
    status: 422,
    title: 'The target has no values.',
    fix: 'Choose another target or add measurements.',
  },
  TARGET_CONSTANT: {
    status: 422,
    title: 'All values of the target are equal.',
    fix: 'There is nothing to learn; choose another target.',
  },
  TARGET_NOT_NUMERIC: {
    status: 422,
    title: 'The target is not a number.',
    fix: 'Choose a numeric column; correct cells that are text.',
  },
  ROWS_TOO_FEW: {
    status: 422,
    title: 'There are too few rows to learn from.',
    fix: 'Add experiments; the least number is in detail.',
  },
  INPUTS_MISSING: {
    status: 422,
    title: 'No input columns are left.',
    fix: 'Take back some of the ignored columns.',
  },
  DATASET_WITHOUT_DATA: {
    status: 422,
    title: 'The dataset has no data yet.',
    fix: 'Upload a file and set key of the dataset.',
  },
  BUILD_TOO_LARGE: {
    status: 422,
    title: 'The table is over the compute budget.',
    fix: 'Leave out columns or rows; estimate and limit are in detail.',
  },
  ARTIFACT_INVALID: {
    status: 422,
    title: 'The model file is malformed.',
    fix: 'Use a file written by this version of Athanor, or repeat the build of its session.',
  },
  SPACE_INVALID: {
    status: 422,
    title: 'A search space names something that is not there, or has numbers that cannot be held.',
    fix: 'Correct the variable or constraint that is named.',
  },
  SPACE_INFEASIBLE: {
    status: 422,
    title: 'No experiment obeys all constraints.',
    fix: 'Relax one of the constraints named in the message.',
  },
  SPACE_UNDECIDED: {
    status: 422,
    title: 'Whether any experiment obeys all constraints could not be decided.',
    fix: 'Take coarser steps, or round the coefficients of the constraint that is named.',
  },
  MOLECULE_UNREADABLE: {
    status: 422,
    title: 'The molecule cannot be read.',
    fix: 'Correct its SMILES; what is wrong is in detail.',
  },
  OPTION_INVALID: {
    status: 422,
    title: 'A build option has a wrong value.',
    fix: 'Use one of the values named in the message.',
  },

  // How a build may end
  CANCELLED: {
    status: 409,
    title: 'The build was cancelled.',
    fix: 'Start it again if that was not intended.',
  },
  BUILD_FAILED: { status: 500, title: 'A model could not be built.', fix: 'See the log of the session.' },
  WORKER_CRASHED: {
    status: 500,
    title: 'The process that built the model ended unexpectedly.',
    fix: 'See the log; it was tried three times.',
  },
  WORKER_OUT_OF_MEMORY: {
    status: 500,
    title: 'The build ran out of memory.',
    fix: 'Give the workers more memory or use fewer columns.',
  },
  WORKER_TIMEOUT: {
    status: 500,
    title: 'The build took longer than allowed.',
    fix: 'Raise the time limit or use fewer rows.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof table;
export const errorTable: Readonly<Record<ErrorCode, ErrorEntry>> = table;
export const errorCodes = Object.keys(table) as ErrorCode[];
