import { stdout } from 'node:process';
import { Command } from 'commander';
import { verboseOption } from './option.js';
import { packageVersion } from './package-version.js';
import { writeProject } from './project-template.js';

interface InitOptions {
  readonly json?: true;
}

const EXAMPLES = `
The project has a contract, contracts/token.ts, tests of it, and a package.json with what both need. Nothing is installed, and no file is ever replaced: the directory has
to be new or empty, but for .git.

Examples:
  $ blockstm init my-token && cd my-token && npm install && npm test
  $ blockstm init
`;

export function initCommand(): Command {
  return new Command('init')
    .summary('begin a project: a contract, and tests of it')
    .description('Begin a project with a contract in AssemblyScript and tests of it.')
    .argument('[dir]', 'where', '.')
    .option('--json', 'print one JSON document')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(init);
}

async function init(directory: string, { json }: InitOptions): Promise<void> {
  const files = await writeProject(directory, packageVersion());
  if (json) {
    stdout.write(`${JSON.stringify({ schema: 'blockstm.init/1', directory, files })}\n`);
    return;
  }
  const enter = directory === '.' ? '' : `cd ${shellWord(directory)} && `;
  stdout.write(`${directory} has ${files.join(', ')}\nnext: ${enter}npm install && npm test\n`);
}

/** As a shell takes it for one word. */
function shellWord(text: string): string {
  return /^[\w./~+:@%-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
