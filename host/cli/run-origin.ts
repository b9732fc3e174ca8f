import type { RuntimeOptions } from '../index.js';
import { Chain } from './chain.js';
import { loadWasm } from './contract-code.js';
import { type Genesis, readGenesis } from './genesis.js';
import { FileError } from './json-field.js';
import { inStore, openChain, refuseChain } from './state-directory.js';

/** What a run begins with: a genesis, the chain in a directory, or a genesis that begins the chain in a directory. */
export interface RunOrigin {
  /** Undefined where there is none. */
  readonly genesis: Genesis | undefined;
  /** The chain, to be changed for good where it is kept. If `action` throws, a directory that was new is gone. */
  use<Result>(options: RuntimeOptions, action: (chain: Chain) => Promise<Result>): Promise<Result>;
  /** The chain as it is before, to rehearse on. Not beside `use`: a directory is open once. */
  open(options: RuntimeOptions): Promise<Chain>;
}

/** @throws FileError for a genesis that is wrong, and where neither is given. */
export async function runOrigin(genesisPath: string | undefined, state: string | undefined): Promise<RunOrigin> {
  if (genesisPath !== undefined) return genesisOrigin(genesisPath, state);
  if (state === undefined) throw new FileError('error: expected --genesis, --state or both: what to begin with');
  const open = (options: RuntimeOptions): Promise<Chain> => openChain(state, options);
  return {
    genesis: undefined,
    open,
    use: async (options, action) => {
      await using chain = await open(options);
      return await action(chain);
    },
  };
}

/**
 * What a command begins with that keeps nothing. Together, `--genesis` and `--state` begin a chain: that would be to keep one.
 * @throws FileError where both are given, or neither; as `runOrigin`.
 */
export async function unkeptOrigin(genesisPath: string | undefined, state: string | undefined): Promise<RunOrigin> {
  const isBoth = genesisPath !== undefined && state !== undefined;
  if (isBoth)
    throw new FileError('error: --genesis with --state begins a chain, and nothing is kept here: expected one of them');
  const isNeither = genesisPath === undefined && state === undefined;
  if (isNeither) throw new FileError('error: expected --genesis or --state: what to begin with');
  return runOrigin(genesisPath, state);
}

async function genesisOrigin(path: string, state: string | undefined): Promise<RunOrigin> {
  const genesis = await readGenesis(path);
  const wasm = await loadWasm(genesis);
  const open = (options: RuntimeOptions): Promise<Chain> => Chain.begin(genesis, wasm, options);
  return {
    genesis,
    open,
    use: async (options, action) => {
      if (state === undefined) {
        await using chain = await open(options);
        return await action(chain);
      }
      return inStore(state, async (store) => {
        await using chain = await Chain.begin(genesis, wasm, { ...options, store }, (runtime) =>
          refuseChain(state, runtime, '--genesis'),
        );
        return await action(chain);
      });
    },
  };
}
