/** A process that plans, fits, judges, computes insights and joins tables. Started by ChildPool with the folder of the blobs, which it only reads. */
import { FileBlobStore } from '../store/blobs/fileBlobStore.ts';
import { buildMatrix, type MatrixWork } from './kinds/buildSmartDataset.ts';
import { computeOneInsight, type InsightWork } from './kinds/computeInsight.ts';
import { finishBuild, type FinishWork } from './kinds/finishBuild.ts';
import { fitOneTask, type FitWork } from './kinds/fitTask.ts';
import { planOneBuild, type PlanWork } from './kinds/planBuild.ts';
import { previewBuild, type PreviewWork } from './kinds/previewBuild.ts';
import { serveWork } from './serveWork.ts';

type Work = PlanWork | FitWork | PreviewWork | FinishWork | InsightWork | MatrixWork;

const blobs = new FileBlobStore(process.argv[2]!, '');

serveWork((work, report) => {
  const wanted = work as Work;
  switch (wanted.kind) {
    case 'planBuild':
      return planOneBuild(blobs, wanted);
    case 'fitTask':
      return fitOneTask(blobs, wanted, report);
    case 'previewBuild':
      return previewBuild(blobs, wanted);
    case 'finishBuild':
      return finishBuild(blobs, wanted);
    case 'computeInsight':
      return computeOneInsight(blobs, wanted, report);
    case 'buildSmartDataset':
      return buildMatrix(blobs, wanted);
  }
});
