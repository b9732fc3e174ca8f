/**
 * Runs commands of `blockstm` one after another in one process, as command.ts asks for them: most of the time of a short command is loading what it
 * needs. A command has ended when nothing is left of it that would keep a process of its own from ending.
 */

const command = new URL('../../dist/host/cli/main.js', import.meta.url).href;
const home = process.cwd();
const streams = [process.stdout, process.stderr];
let commands = 0;

/** What would keep this process from ending, besides its pipes. */
function held() {
  const pipes = ['PipeWrap', 'CloseReq', 'Immediate'];
  return process.getActiveResourcesInfo().filter((kind) => !pipes.includes(kind));
}

async function run({ directory, args }) {
  const texts = ['', ''];
  for (const [index, stream] of streams.entries()) {
    stream.write = (text) => {
      texts[index] += text;
      return true;
    };
  }
  process.chdir(directory);
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...args);
  process.exitCode = undefined;
  // Only this file of the command is evaluated again.
  await import(`${command}?${commands++}`);
  while (held().length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const [stdout, stderr] = texts;
  const code = process.exitCode ?? 0;
  process.exitCode = undefined;
  process.chdir(home);
  for (const stream of streams) {
    delete stream.write;
    stream.removeAllListeners('error');
  }
  return { code, stdout, stderr };
}

process.on('message', async (request) => process.send(await run(request)));
process.on('disconnect', () => process.exit());
