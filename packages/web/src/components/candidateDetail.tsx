import { SimpleGrid, Stack, Text } from '@mantine/core';
import type { Candidate, CellValue, SearchSpace, Variable } from '@athanor/schema';
import { withUnit } from '../charts/withUnit.ts';
import { beyondMeasured } from '../design/describeTrust.ts';
import { Link } from '../navigate.tsx';
import { formatChance } from '../numbers/formatChance.ts';
import { formatNumber } from '../numbers/formatNumber.ts';
import { TrustLine } from './trustLine.tsx';

interface CandidateDetailProps {
  readonly candidate: Candidate;
  readonly space: SearchSpace;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly datasetId: string | undefined;
}

/** One proposal in words: what to expect, how far to trust it, and what it changes of an experiment that was made. */
export function CandidateDetail({ candidate, space, variables, datasetId }: CandidateDetailProps) {
  const { rank, predictions, probabilityOfAll, applicability, nearest, shareOfImprovement, slack } =
    candidate;
  const tight = slack.filter((one) => Math.abs(one.slack) < 1e-9 && one.path.startsWith('variables/'));
  return (
    <section aria-label={`Experiment no. ${rank} in words`} className="candidateDetail">
      <Text fw={650} mb={4}>
        No. {rank}
      </Text>
      <SimpleGrid cols={{ base: 1, md: predictions.length > 0 ? 2 : 1 }} spacing="xl" verticalSpacing="sm">
        {predictions.length > 0 && (
          <Stack gap={4}>
            {predictions.map(({ target, prediction, probability }) => {
              const { mean, interval } = prediction;
              const beyond = beyondMeasured(mean, variables.get(target)?.range);
              return (
                <Text key={target} fz="sm" className="numeric">
                  {nameOf(variables, target)}: <strong>{formatNumber(mean)}</strong>,{' '}
                  {Math.round(interval.level * 100)} % of new samples between {formatNumber(interval.lower)}{' '}
                  and {formatNumber(interval.upper)}
                  {probability !== null && <>; meets its limit with {formatChance(probability)}</>}
                  {beyond !== null && <>; {beyond} everything measured so far</>}.
                </Text>
              );
            })}
            {predictions.filter(({ probability }) => probability !== null).length > 1 && (
              <Text fz="sm">All limits at once: {formatChance(probabilityOfAll)}.</Text>
            )}
            {shareOfImprovement !== null && (
              <Text fz="sm">{formatChance(shareOfImprovement)} of what this set is expected to improve.</Text>
            )}
          </Stack>
        )}
        <Stack gap={4}>
          {applicability !== null && (
            <TrustLine judged={applicability} hasInterval={predictions.length > 0} />
          )}
          {nearest !== null && (
            <Text fz="sm" className="numeric">
              Nearest experiment:{' '}
              {datasetId === undefined ? (
                `row ${nearest.row}`
              ) : (
                <Link to={`/datasets/${datasetId}?tab=table&row=${nearest.row}`} className="textLink">
                  row {nearest.row}
                </Link>
              )}
              {nearest.differences.length > 0 && (
                <>
                  , which had{' '}
                  {nearest.differences
                    .map(
                      ({ key, measured, proposed }) =>
                        `${nameOf(variables, key)} ${show(measured)} (here ${show(proposed)})`,
                    )
                    .join(', ')}
                </>
              )}
              .
            </Text>
          )}
          {tight.length > 0 && (
            <Text fz="sm">
              At the end of what is allowed:{' '}
              {[...new Set(tight.map(({ path }) => space.variables[Number(path.split('/')[1])]?.key))]
                .flatMap((key) => (key === undefined ? [] : [nameOf(variables, key)]))
                .join(', ')}
              .
            </Text>
          )}
        </Stack>
      </SimpleGrid>
    </section>
  );
}

function nameOf(variables: ReadonlyMap<string, Variable>, key: string): string {
  const variable = variables.get(key);
  return variable === undefined ? key : withUnit(variable.name, variable.unit);
}

function show(value: CellValue): string {
  return typeof value === 'number' ? formatNumber(value, 5, { isExact: true }) : String(value ?? 'empty');
}
