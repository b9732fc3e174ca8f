#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { argv, stderr, stdout } from 'node:process';
import { Command } from 'commander';
import { benchCommand } from './bench.js';
import { callCommand } from './call.js';
import { checkCommand } from './check.js';
import { deployCommand } from './deploy.js';
import { isJson, reportError, USER_ERROR } from './failure.js';
import { logCommand } from './log.js';
import { replayCommand } from './replay.js';
import { restoreCommand } from './restore.js';
import { runCommand } from './run.js';
import { snapshotCommand } from './snapshot.js';
import { stateCommand } from './state.js';
import { viewCommand } from './view.js';

async function program(): Promise<Command> {
  const command = new Command('blockstm')
    .description(
      'Execute blocks of WebAssembly contract calls in parallel, with the result of executing them one by one.',
    )
    .version(packageVersion())
    .commandsGroup('Execute and measure:')
    .addCommand(runCommand())
    .addCommand(await benchCommand(argv.includes('bench')))
    .commandsGroup('Contracts:')
    .addCommand(checkCommand())
    .commandsGroup('A chain in a directory (--state):')
    .addCommand(deployCommand())
    .addCommand(callCommand())
    .addCommand(viewCommand())
    .addCommand(logCommand())
    .addCommand(stateCommand())
    .addCommand(replayCommand())
    .addCommand(snapshotCommand())
    .addCommand(restoreCommand())
    // So that what follows the name of a command is that command's.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\nExit codes: 0 success, 1 wrong input, a finding, a failed `call` or `view`, or a result that does not verify, 2 an internal error',
    );
  const commands = command.commands.flatMap((each) => [each, ...each.commands]);
  for (const each of [command, ...commands]) {
    each.exitOverride().showHelpAfterError('(--help says more)');
    if (isJson()) each.configureOutput({ writeErr: () => {} });
  }
  return command;
}

function packageVersion(): string {
  // This file runs as dist/host/cli/main.js.
  const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
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
