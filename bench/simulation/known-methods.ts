import { readdirSync, readFileSync } from 'node:fs';
import { readInterface } from '../../host/contract/module-interface.js';
import { builtContractPath, packagePath } from '../package.js';
import { suggestion } from '../suggestion.js';
import type { CostTable, CostTableProblem } from './cost-table.js';

const WASM = '.wasm';

/** What a table names that no contract of the package has: no call of a workload would ever cost that. */
export function unknownMethods(methods: CostTable['methods']): CostTableProblem[] {
  const contracts = builtContracts();
  const names = Object.keys(methods);
  const contractOf = (method: string): string => method.split('.', 1).join();
  const built = new Set(names.map(contractOf).filter((contract) => contracts.includes(contract)));
  const methodsByContract = new Map([...built].map((contract) => [contract, methodsOf(contract)]));
  return names.flatMap((method) => {
    const contract = contractOf(method);
    const isBuilt = built.has(contract);
    const known = methodsByContract.get(contract) ?? contracts;
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

/** As a table has them: `token.transfer`. */
function methodsOf(contract: string): string[] {
  const module = new WebAssembly.Module(readFileSync(builtContractPath(contract)));
  return (readInterface(module)?.methods ?? []).map(({ name }) => `${contract}.${name}`);
}
