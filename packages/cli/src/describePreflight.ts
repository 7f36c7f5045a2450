import type { Preflight } from '@athanor/schema';
import { formatDuration } from './formatDuration.ts';
import { formatTable } from './formatTable.ts';
import { wrapText } from './wrapText.ts';

/** What a build would use, do and cost, as text for a person. */
export function describePreflight(preflight: Preflight, width: number): string {
  const { inputs, leftOut, targets, models, seconds, memoryBytes, warnings } = preflight;
  const fits = models.reduce((sum, model) => sum + model.fits, 0);
  const parts = [
    wrapText(
      `${models.length} models, ${fits} fits: about ${formatDuration(seconds)} and ${Math.ceil(memoryBytes / 1e8) / 10} GB of memory if nothing else runs on this machine`,
      width,
    ),
    formatTable(
      [
        { title: 'target' },
        { title: 'rows', align: 'right' },
        { title: 'groups', align: 'right' },
        { title: 'folds', align: 'right' },
      ],
      targets.map(({ target, rows, groups, folds, repeats }) => [
        target,
        String(rows),
        String(groups),
        `${folds} × ${repeats}`,
      ]),
    ),
    formatTable(
      [{ title: 'model' }, { title: 'fits', align: 'right' }, { title: 'processor time', align: 'right' }],
      models.map((model) => [model.name, String(model.fits), formatDuration(model.processorSeconds)]),
    ),
    wrapText(`Inputs (${inputs.length}): ${inputs.join(', ')}`, width, '  '),
  ];
  if (leftOut.length > 0)
    parts.push(
      [
        'Left out:',
        ...leftOut.map(({ column, reason }) => wrapText(`  ${column}: ${reason}`, width, '    ')),
      ].join('\n'),
    );
  parts.push(
    warnings.length === 0
      ? 'Nothing looks wrong.'
      : ['Worth a look:', ...warnings.map(({ message }) => wrapText(`  ! ${message}`, width, '    '))].join(
          '\n',
        ),
  );
  return parts.join('\n\n');
}
