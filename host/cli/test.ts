import { Command } from 'commander';
import { runTests } from './author-tests.js';
import { verboseOption } from './option.js';

const EXAMPLES = `
First the typed clients of the contracts in contracts/ are written into build/, where tests import them from; a contract that does not compile ends it, with exit code 1.
Everything after the command's name is given to vitest. The exit code is that of vitest.

Examples:
  $ blockstm test
  $ blockstm test token -t "a transfer"
  $ blockstm test --watch
`;

export function testCommand(): Command {
  return new Command('test')
    .summary("run a project's tests")
    .description("Run the tests of the project in the current directory, with that project's vitest.")
    .argument('[args...]', 'what vitest is given: names of files, options')
    .addOption(verboseOption())
    .allowUnknownOption()
    .passThroughOptions()
    .addHelpText('after', EXAMPLES)
    .action(async (args: string[]) => {
      process.exitCode = await runTests(args);
    });
}
