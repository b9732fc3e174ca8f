import { readdirSync, readFileSync } from 'node:fs';
import { readInterface } from '../../host/contract/module-interface.js';
import { MisuseError } from '../../host/index.js';
import { builtContractPath, packagePath } from '../package.js';
import { suggestion } from '../suggestion.js';
import type { CostTable } from './cost-table.js';

const WASM = '.wasm';

/**
 * Refuse a table for the workloads that come with the package, where it names a method that none of their contracts has: no call would ever cost that.
 * @throws MisuseError `ERR_OPTION` with the file, the place in it, what there is and the nearest of it.
 */
export function refuseUnknownMethods({ methods }: CostTable, file: string): void {
  const contracts = builtContracts();
  const refuse = (method: string, what: string, expected: string): never => {
    throw new MisuseError(
      'ERR_OPTION',
      `--cost-table: ${file}: methods["${method}"]: unknown ${what}, expected ${expected}`,
    );
  };
  for (const method of Object.keys(methods)) {
    const contract = method.split('.', 1).join();
    if (!contracts.includes(contract)) {
      refuse(method, 'contract', `one of ${contracts.join(', ')}${suggestion(contract, contracts)}`);
    }
    const known = methodsOf(contract);
    if (!known.includes(method)) refuse(method, 'method', `one of ${known.join(', ')}${suggestion(method, known)}`);
  }
}

/** All that come with the package, those of workloads among them. */
function builtContracts(): string[] {
  const files = readdirSync(packagePath('dist', 'contracts')).filter((file) => file.endsWith(WASM));
  return files.map((file) => file.slice(0, -WASM.length));
}

/** As a table has them: `token.transfer`. */
function methodsOf(contract: string): string[] {
  const module = new WebAssembly.Module(readFileSync(builtContractPath(contract)));
  return (readInterface(module)?.methods ?? []).map(({ name }) => `${contract}.${name}`);
}
