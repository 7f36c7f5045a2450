import { Command, Help } from 'commander';
import { addBacktestCommand } from './commands/backtest.ts';
import { addBuildCommand } from './commands/build.ts';
import { addClientsCommand } from './commands/clients.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addDoeCommand } from './commands/doe.ts';
import { addExportCommand } from './commands/export.ts';
import { addLinkCommand } from './commands/link.ts';
import { addPredictCommand } from './commands/predict.ts';
import { addRepeatCommand } from './commands/repeat.ts';
import { addServeCommand } from './commands/serve.ts';
import { addSessionsCommand } from './commands/sessions.ts';
import { addShowCommand } from './commands/show.ts';
import { addSpaceCommand } from './commands/space.ts';
import { addStopCommand } from './commands/stop.ts';
import { addSuggestCommand } from './commands/suggest.ts';
import { reportFailure } from './reportFailure.ts';
import { version } from './version.ts';

/** Runs one command line; exit code 0 when it did what was asked, 1 when it could not, 2 for a wrong command line. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('athanor')
    .description('Models of your experiments, with honest uncertainty, on your own machine.')
    .version(version, '-v, --version')
    .configureHelp({
      // An empty list is no default worth telling.
      optionDescription: (option) => new Help().optionDescription(option).replace(' (default: [])', ''),
    })
    .showSuggestionAfterError()
    .showHelpAfterError('(run "athanor --help" for the commands)')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'athanor: ')) })
    .exitOverride((error) => {
      process.exit(error.exitCode === 0 ? 0 : 2);
    });
  addServeCommand(program);
  addLinkCommand(program);
  addStopCommand(program);
  addBuildCommand(program);
  addPredictCommand(program);
  addSuggestCommand(program);
  addDoeCommand(program);
  addSpaceCommand(program);
  addBacktestCommand(program);
  addExportCommand(program);
  addSessionsCommand(program);
  addShowCommand(program);
  addRepeatCommand(program);
  addClientsCommand(program);
  addDoctorCommand(program);
  addDemoCommand(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    reportFailure(error);
    process.exitCode = 1;
  }
}
