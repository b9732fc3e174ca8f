import { readdirSync, readFileSync } from 'node:fs';
import { readInterface } from '../../host/contract/module-interface.js';
import { builtContractPath, packagePath } from '../package.js';
import { suggestion } from '../suggestion.js';
import type { CostTable, CostTableProblem } from './cost-table.js';

const WASM = '.wasm';

/** What a table names that no contract of the package has: no call of a workload would ever cost that. */
export function unknownMethods(methods: CostTable['methods']): CostTableProblem[] {
  const contracts = builtContracts();
  return Object.keys(methods).flatMap((method) => {
    const contract = method.split('.', 1).join();
    const isBuilt = contracts.includes(contract);
    const known = isBuilt ? methodsOf(contract) : contracts;
    if (known.includes(method)) return [];
    const nearest = suggestion(isBuilt ? method : contract, known);
    const message = `unknown ${isBuilt ? 'method' : 'contract'}, expected one of ${known.join(', ')}${nearest}`;
    return [{ path: ['methods', method], part: 'name', message } as const];
  });
}

/** All that come with the package, those of workloads among them. */
function builtContracts(): string[] {
  const files = readdirSync(packagePath('dist', 'contracts')).filter((file) => file.endsWith(WASM));
  return files.map((file) => file.slice(0, -WASM.length));
}

/** A table has many methods of a contract, and is checked by everybody whom it is given to: what is in the package stays as it is. */
const methodsByContract = new Map<string, readonly string[]>();

/** As a table has them: `token.transfer`. */
function methodsOf(contract: string): readonly string[] {
  let methods = methodsByContract.get(contract);
  if (methods === undefined) {
    const module = new WebAssembly.Module(readFileSync(builtContractPath(contract)));
    methods = (readInterface(module)?.methods ?? []).map(({ name }) => `${contract}.${name}`);
    methodsByContract.set(contract, methods);
  }
  return methods;
}
