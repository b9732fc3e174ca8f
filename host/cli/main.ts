#!/usr/bin/env node
import { argv, stderr, stdout } from 'node:process';
import { Command } from 'commander';
import { benchCommand } from './bench.js';
import { buildCommand } from './build.js';
import { callCommand } from './call.js';
import { checkCommand } from './check.js';
import { deployCommand } from './deploy.js';
import { explainCommand } from './explain.js';
import { exploreCommand } from './explore.js';
import { isJson, oneLine, reportError, USER_ERROR } from './failure.js';
import { gasCommand } from './gas.js';
import { initCommand } from './init.js';
import { inspectCommand } from './inspect.js';
import { logCommand } from './log.js';
import { packageVersion } from './package-version.js';
import { replayCommand } from './replay.js';
import { restoreCommand } from './restore.js';
import { runCommand } from './run.js';
import { simulateCommand } from './simulate.js';
import { snapshotCommand } from './snapshot.js';
import { stateCommand } from './state.js';
import { testCommand } from './test.js';
import { upgradeCommand } from './upgrade.js';
import { viewCommand } from './view.js';

async function program(): Promise<Command> {
  const command = new Command('blockstm')
    .description(
      'Execute blocks of WebAssembly contract calls in parallel, with the result of executing them one by one.',
    )
    .version(packageVersion())
    // So that what follows the name of a command is that command's.
    .enablePositionalOptions()
    .commandsGroup('Write contracts:')
    .addCommand(initCommand())
    .addCommand(buildCommand())
    .addCommand(testCommand())
    .addCommand(gasCommand())
    .addCommand(checkCommand())
    .addCommand(inspectCommand())
    .commandsGroup('A chain in a directory (--state):')
    .addCommand(deployCommand())
    .addCommand(callCommand())
    .addCommand(viewCommand())
    .addCommand(upgradeCommand())
    .addCommand(logCommand())
    .addCommand(stateCommand())
    .addCommand(replayCommand())
    .addCommand(snapshotCommand())
    .addCommand(restoreCommand())
    .commandsGroup('Execute and measure:')
    .addCommand(runCommand())
    .addCommand(explainCommand())
    .addCommand(await benchCommand(argv.includes('bench')))
    .addCommand(await simulateCommand(argv.includes('simulate')))
    .addCommand(exploreCommand())
    .addHelpText(
      'after',
      `
With --json what is printed is one JSON document, and an error is one too, on the standard error: {"schema": "blockstm.error/1", "code", "message", ...}.

Exit codes: 0 success; 1 wrong input, a finding, a failed call or view, a result that does not verify, more gas than before, an unsafe upgrade; 2 an internal
error; 130 interrupted. blockstm test has that of vitest.

Begin:
  $ blockstm init my-token && cd my-token && npm install && npm test`,
    );
  const commands = command.commands.flatMap((each) => [each, ...each.commands]);
  for (const each of [command, ...commands]) {
    each.exitOverride().showHelpAfterError('(--help says more)');
    each.configureOutput({
      writeErr: (text) => isJson() || stderr.write(text),
      outputError: (text, write) => write(oneLine(text)),
    });
  }
  return command;
}

// Whoever reads our output may stop early, as `head` does: what was found still counts.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') stderr.write(`error: cannot write the output: ${error.message}\n`);
  process.exit(error.code === 'EPIPE' ? process.exitCode : USER_ERROR);
});

try {
  await (await program()).parseAsync();
} catch (error) {
  process.exitCode = reportError(error);
}
