import type { StoredAnswers } from '../store/storedAnswers.ts';
import type { AddedRows } from './addedRows.ts';
import type { ApiClients } from './apiClients.ts';
import type { AuditTrail } from './auditTrail.ts';
import type { BuildEvents } from './buildEvents.ts';
import type { Datasets } from './datasets.ts';
import type { Exports } from './exports.ts';
import type { DesignRuns } from './designRuns.ts';
import type { Files } from './files.ts';
import type { Insights } from './insights.ts';
import type { Models } from './models.ts';
import type { ModelSessions } from './modelSessions.ts';
import type { Molecules } from './molecules.ts';
import type { Predictions } from './predictions.ts';
import type { Projects } from './projects.ts';
import type { RepeatedRequests } from './repeatedRequests.ts';
import type { SessionSpaces } from './sessionSpaces.ts';
import type { SignIn } from './signIn.ts';
import type { SmartDatasets } from './smartDatasets.ts';
import type { Targets } from './targets.ts';
import type { Users } from './users.ts';

/** The use cases of the server, by subject. Routes and jobs call them and nothing below them. */
export interface Services {
  readonly signIn: SignIn;
  readonly users: Users;
  readonly files: Files;
  readonly datasets: Datasets;
  readonly addedRows: AddedRows;
  readonly modelSessions: ModelSessions;
  readonly models: Models;
  readonly predictions: Predictions;
  readonly exports: Exports;
  readonly buildEvents: BuildEvents;
  readonly sessionSpaces: SessionSpaces;
  readonly molecules: Molecules;
  readonly projects: Projects;
  readonly targets: Targets;
  readonly insights: Insights;
  readonly smartDatasets: SmartDatasets;
  readonly designRuns: DesignRuns;
  readonly apiClients: ApiClients;
  readonly auditTrail: AuditTrail;
  readonly repeatedRequests: RepeatedRequests;
  readonly storedAnswers: StoredAnswers;
}
