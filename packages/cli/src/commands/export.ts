import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ProblemError } from '@athanor/schema';
import type { Client } from '@athanor/schema/client';
import { openConnection } from '../connection.ts';
import { recordId } from '../recordId.ts';
import { addConnectionOptions } from './commonOptions.ts';

interface ExportOptions {
  output?: string;
  url?: string;
  token?: string;
  data?: string;
}

export function addExportCommand(program: Command): void {
  const command = program
    .command('export')
    .description('write a model as an ONNX file that predicts without Athanor')
    .argument('<model>', 'model (MDL3), or session (MDS1) for its default model')
    .option('--output <file>', 'where to write it (default: the id with .onnx)');
  addConnectionOptions(command).action(exportModel);
}

async function exportModel(id: string, options: ExportOptions): Promise<void> {
  const wanted = recordId(id, ['MDS', 'MDL']);
  const connection = await openConnection(options);
  try {
    const { client } = connection;
    const modelId = await resolveModel(client, wanted);
    const bytes = await client.downloadOnnx(modelId);
    const path = options.output ?? `${modelId}.onnx`;
    await writeFile(path, bytes);
    console.log(`Wrote ${modelId} to ${path}, ${formatBytes(bytes.length)}.`);
  } finally {
    await connection.close();
  }
}

/** The id of the model, or of the default model of a session. */
async function resolveModel(client: Client, id: string): Promise<string> {
  if (!id.startsWith('MDS')) return id;
  const { defaultModel } = await client.call('getModelSession', { params: { sessionId: id } });
  const { Items: models } = await client.call('listModels', { params: { sessionId: id } });
  const model = models.find(({ name }) => name === defaultModel);
  if (model !== undefined) return model.id;
  throw ProblemError.of(
    'MODEL_NOT_READY',
    `${id} has no default model`,
    { value: id },
    models.length === 0
      ? 'Wait until it is built.'
      : `Name one of ${models.map((one) => `${one.id} (${one.name})`).join(', ')}.`,
  );
}

function formatBytes(count: number): string {
  return count < 1e6 ? `${Math.ceil(count / 1e3)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}
