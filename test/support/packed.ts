/** The package as it would be published, and projects that it is installed into. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** npm looks nothing up that it has. */
function npm(directory: string, ...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return run('npm', [...args, '--prefer-offline', '--no-audit', '--no-fund'], { cwd: directory });
}

/** The package as a file in `directory`, made of what was built: its scripts would build it again. */
async function pack(directory: string): Promise<string> {
  const { stdout } = await npm(root, 'pack', '--ignore-scripts', '--json', '--pack-destination', directory);
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return join(directory, filename);
}

/** A project that the package is installed into. */
export class Project {
  readonly directory: string;
  /** What npm had to say against that. */
  readonly warnings: string;
  /** The package, as a file. */
  readonly #packed: string;

  private constructor(directory: string, packed: string, warnings: string) {
    this.directory = directory;
    this.#packed = packed;
    this.warnings = warnings;
  }

  /** In `directory`: a copy of `template`, or an empty one. */
  static async create(directory: string, template?: URL): Promise<Project> {
    const project = join(directory, 'project');
    if (template === undefined) {
      await mkdir(project);
      await writeFile(join(project, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }');
    } else await cp(template, project, { recursive: true });
    return Project.#install(project, await pack(directory));
  }

  /** A project that this one's package has made in a directory within: with the package, all that it asks for, and `packages`. */
  async within(name: string, ...packages: readonly string[]): Promise<Project> {
    return Project.#install(join(this.directory, name), this.#packed, ...packages);
  }

  static async #install(project: string, packed: string, ...packages: readonly string[]): Promise<Project> {
    const { stderr } = await npm(project, 'install', packed, ...packages);
    return new Project(project, packed, stderr);
  }

  /** The packages in it, with all that they need. */
  async packages(): Promise<string[]> {
    const lock = JSON.parse(await readFile(join(this.directory, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, unknown>;
    };
    return Object.keys(lock.packages)
      .filter((path) => path !== '')
      .map((path) => path.replace(/^.*node_modules\//, ''));
  }

  /** Run a script of its package.json. Resolves to what it printed. */
  async script(name: string): Promise<string> {
    return (await npm(this.directory, 'run', '--silent', name)).stdout;
  }

  /** Run the command, as a user does. Resolves to what it printed. */
  async blockstm(...args: readonly string[]): Promise<string> {
    return (await run(join(this.directory, 'node_modules/.bin/blockstm'), args, { cwd: this.directory })).stdout;
  }

  /** Run a program of it. Resolves to what it printed. */
  async node(...args: readonly string[]): Promise<string> {
    return (await run(process.execPath, args, { cwd: this.directory })).stdout;
  }
}
