import {
  type TargetCriterion,
  designRunLimits,
  type DesignRunOrder,
  type DesignRunRequest,
  type DesignRunValidation,
  type DesignRunViolation,
  type Insight,
  ProblemError,
  problemItem,
  type SmartDatasetScope,
} from '@athanor/schema';
import type { ComputeThread } from '../compute/computeThread.ts';
import type { DesignRunFinding, WishedObjective } from '../compute/matrix/checkDesignRun.ts';
import type { Log } from '../observe/log.ts';
import { fromJson } from '../store/json.ts';
import { formatId, parseRecordId } from '../store/recordId.ts';
import type { SmartDatasetRow } from '../store/repositories/smartDatasets.ts';
import { targets } from '../store/repositories/targets.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './caller.ts';
import { findSmartDataset } from './findSmartDataset.ts';
import type { Insights } from './insights.ts';
import { scopedTargets } from './scopedTargets.ts';

/** Seed of runs that do not name one. */
const defaultSeed = 1;

/** A checked run: what is wrong with it, or what it is in full. */
interface CheckedRun extends DesignRunValidation {
  readonly order: DesignRunOrder | null;
  readonly smartDataset: SmartDatasetRow;
}

/** Runs that propose experiments: checked here, kept and computed as insights. */
export class DesignRuns {
  readonly #store: Store;
  readonly #insights: Insights;
  readonly #compute: ComputeThread;
  readonly #log: Log;

  constructor(store: Store, insights: Insights, compute: ComputeThread, log: Log) {
    this.#store = store;
    this.#insights = insights;
    this.#compute = compute;
    this.#log = log;
  }

  /** What is wrong with a run, without starting it. @throws ProblemError RECORD_NOT_FOUND for the smart dataset. */
  async validate(caller: Caller, request: DesignRunRequest): Promise<DesignRunValidation> {
    const { valid, violations, targetSampleCounts } = await this.#check(caller, request);
    return { valid, violations, targetSampleCounts };
  }

  /**
   * Starts a run.
   * @returns the queued insight that will hold the candidates
   * @throws ProblemError DESIGN_RUN_INVALID with every violation.
   */
  async create(caller: Caller, request: DesignRunRequest): Promise<Insight> {
    const { order, violations, smartDataset } = await this.#check(caller, request);
    if (order === null) {
      throw new ProblemError(
        violations.map(({ code, message, targetId }) =>
          problemItem('DESIGN_RUN_INVALID', `${code}: ${message}`, {
            field: 'body',
            ...(targetId === undefined ? {} : { value: targetId }),
          }),
        ),
      );
    }
    const category = order.method === 'generate' ? 'Generate' : 'Smart DOE';
    return this.#insights.create(caller, {
      name: request.name ?? `${category} on ${order.smartDatasetId}`,
      category,
      state: 'Queued',
      payloadType: 'Breakthrough',
      smartDatasetId: order.smartDatasetId,
      ...(smartDataset.parentId === null ? {} : { parentId: formatId('project', smartDataset.parentId) }),
      Registry: { Settings: { ...order } },
    });
  }

  async #check(caller: Caller, request: DesignRunRequest): Promise<CheckedRun> {
    const { database } = this.#store;
    const field = 'body/smartDatasetId';
    const smartDataset = await findSmartDataset(database, caller, request.smartDatasetId, field);
    const violations: DesignRunViolation[] = checkSettings(request);
    const refused = (violation?: DesignRunViolation): CheckedRun => ({
      valid: false,
      violations: violation === undefined ? violations : [...violations, violation],
      targetSampleCounts: null,
      order: null,
      smartDataset,
    });

    const scope = fromJson<SmartDatasetScope>(smartDataset.scope);
    const inScope = new Set(scope.targetIds);
    const wanted =
      request.method === 'generate' ? Object.keys(request.objectives ?? {}) : (request.anchorTargets ?? []);
    for (const targetId of wanted.filter((id) => !inScope.has(id))) {
      violations.push({
        code: 'objective_out_of_scope',
        message: `${targetId} is not in the scope of ${request.smartDatasetId}.`,
        targetId,
      });
    }
    const hasObjectives = wanted.length > 0 || inScope.size > 0;
    if (request.method === 'generate' && !hasObjectives) {
      const message = `${request.smartDatasetId} has no targets to design for.`;
      violations.push({ code: 'no_performance_targets', message });
    }
    if (smartDataset.buildState !== 'ready') {
      const state = smartDataset.buildState ?? 'not built';
      return refused({ code: 'dataset_not_ready', message: `${request.smartDatasetId} is ${state}.` });
    }
    if (smartDataset.matrixHash === null) {
      return refused({
        code: 'optimization_system_mismatch',
        message: `${request.smartDatasetId} was built elsewhere, and Athanor cannot read its experiments.`,
      });
    }
    let finding: DesignRunFinding;
    try {
      finding = await this.#compute.checkDesignRun(smartDataset.matrixHash, {
        method: request.method,
        objectives: await this.#objectives(caller, request, scope),
        anchorTargets: await this.#targets(
          caller,
          request.method === 'generate' ? [] : wanted.filter((id) => inScope.has(id)),
        ),
        targets: await this.#targets(caller, scope.targetIds),
        space: request.space ?? null,
      });
    } catch (error) {
      this.#log.error({ err: error }, 'a design run could not be checked');
      const isTimeout = error instanceof ProblemError && error.code === 'COMPUTE_UNAVAILABLE';
      return refused(
        isTimeout
          ? { code: 'job_timeout', message: 'The check took longer than allowed.' }
          : { code: 'internal', message: 'The check met an unexpected error; see the log of the server.' },
      );
    }
    const all = [...violations, ...finding.violations];
    const isValid = all.length === 0;
    return {
      valid: isValid,
      violations: all,
      targetSampleCounts: finding.targetSampleCounts,
      order: isValid ? orderOf(request, finding) : null,
      smartDataset,
    };
  }

  /** Objectives of the request, or every target of the scope with its own criterion. */
  async #objectives(
    caller: Caller,
    request: DesignRunRequest,
    { targetIds }: SmartDatasetScope,
  ): Promise<WishedObjective[]> {
    if (request.method !== 'generate') return [];
    const given = request.objectives ?? null;
    const ids = targetIds.filter((id) => given === null || Object.hasOwn(given, id));
    const numbers = ids.map((id) => parseRecordId('target', id)!);
    const rows = await targets.findMany(this.#store.database, caller.tenantId, numbers);
    const scoped = await this.#targets(caller, ids);
    return scoped.map((target, index) => {
      const { targetValue, isRequired } = rows[index]!;
      const own = fromJson<TargetCriterion>(targetValue);
      const wish = given?.[target.targetId] ?? { ...own, weight: null };
      return {
        target,
        operator: wish.operator,
        value: wish.value,
        weight: wish.weight ?? 1,
        isRequired: isRequired === 1,
      };
    });
  }

  async #targets(caller: Caller, ids: readonly string[]) {
    const numbers = ids.map((id) => parseRecordId('target', id)!);
    return scopedTargets(this.#store.database, caller.tenantId, numbers);
  }
}

function checkSettings({ method, settings }: DesignRunRequest): DesignRunViolation[] {
  const { generated, selected } = designRunLimits[method];
  const given = { numCandidatesGenerated: generated, numCandidatesSelected: selected };
  const violations: DesignRunViolation[] = [];
  for (const [name, { max }] of Object.entries(given)) {
    const value = settings?.[name as keyof typeof given] ?? null;
    if (value === null || (Number.isInteger(value) && value >= 1 && value <= max)) continue;
    violations.push({
      code: 'invalid_settings',
      message: `${name} must be a whole number between 1 and ${max}, not ${value}.`,
    });
  }
  const count = settings?.numCandidatesGenerated ?? generated.default;
  const kept = settings?.numCandidatesSelected ?? selected.default;
  if (violations.length === 0 && kept > count && (settings?.numCandidatesSelected ?? null) !== null) {
    violations.push({
      code: 'invalid_settings',
      message: `numCandidatesSelected must not be above numCandidatesGenerated, ${kept} is above ${count}.`,
    });
  }
  return violations;
}

function orderOf(request: DesignRunRequest, { objectives }: DesignRunFinding): DesignRunOrder {
  const { method, smartDatasetId, settings, seed, session } = request;
  const { generated, selected } = designRunLimits[method];
  const count = settings?.numCandidatesGenerated ?? generated.default;
  return {
    method,
    smartDatasetId,
    numCandidatesGenerated: count,
    numCandidatesSelected: settings?.numCandidatesSelected ?? Math.min(selected.default, count),
    seed: seed ?? defaultSeed,
    objectives,
    anchorTargets: request.method === 'space_filling' ? (request.anchorTargets ?? null) : null,
    ...(request.space ? { space: request.space } : {}),
    ...(request.pending ? { pending: request.pending } : {}),
    ...(request.method === 'generate' && request.mode ? { mode: request.mode } : {}),
    ...(request.method === 'generate' && typeof request.diversity === 'number'
      ? { diversity: request.diversity }
      : {}),
    ...(session === undefined || session === null ? {} : { session }),
  };
}
