import type { Command } from 'commander';
import { examineInstallation } from '@athanor/server';
import { dataDirectory } from '../dataDirectory.ts';

interface DoctorOptions {
  data?: string;
  json?: boolean;
}

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check this installation and the data directory')
    .option('--data <directory>', 'data directory (default: ATHANOR_DATA, else ~/.athanor)')
    .option('--json', 'print as JSON')
    .action(doctor);
}

async function doctor(options: DoctorOptions): Promise<void> {
  const findings = await examineInstallation(dataDirectory(options.data));
  if (options.json === true) console.log(JSON.stringify(findings));
  else {
    for (const { isFine, subject, detail, fix } of findings) {
      console.log(`${isFine ? 'ok    ' : 'FAULT '} ${subject}: ${detail}`);
      if (fix !== null) console.log(`       fix: ${fix}`);
    }
  }
  if (findings.some(({ isFine }) => !isFine)) process.exitCode = 1;
}
