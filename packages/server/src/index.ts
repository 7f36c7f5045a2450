export {
  designFromFile,
  type FileDesigner,
  type FilePlan,
  type FileSuggestion,
} from './compute/designFromFile.ts';
export { readInputRows } from './compute/readInputRows.ts';
export type { Limits, ServerOptions } from './config.ts';
export { describeApi } from './http/describeApi.ts';
export { examineInstallation, type Finding } from './observe/examineInstallation.ts';
export { startServer, type RunningServer } from './startServer.ts';
export { DataDirectoryInUseError, readServerNote, type ServerNote } from './store/openDataDirectory.ts';
