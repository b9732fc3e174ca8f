import { describe, expect, it } from 'vitest';
import { addressOf, ContractCaller } from '../support/contract-caller.js';
import { compileSample } from '../support/sample-source.js';

describe('roles', () => {
  it('are granted, required and revoked', async () => {
    const { wasm, layout } = await compileSample(`
      import { Address, Roles } from "blockstm/assembly";
      const roles = new Roles();
      export function grant(role: string, to: Address): void { roles.grant(role, to); }
      export function revoke(role: string, from: Address): void { roles.revoke(role, from); }
      @view export function has(role: string, account: Address): bool { return roles.has(role, account); }
      export function mint(): void { roles.require("minter"); }
    `);
    const contract = new ContractCaller(wasm);
    expect(contract.call('alice', 'mint')).toMatchObject({ status: 'reverted', message: 'only a minter may do this' });
    contract.value('bob', 'grant', { role: 'minter', to: addressOf('alice') });
    contract.value('bob', 'grant', { role: 'burner', to: addressOf('bob') });
    expect(contract.call('alice', 'mint').status).toBe('ok');
    expect(contract.call('bob', 'mint').status).toBe('reverted');
    expect(contract.value('bob', 'has', { role: 'burner', account: addressOf('bob') })).toBe(true);
    contract.value('bob', 'revoke', { role: 'minter', from: addressOf('alice') });
    expect(contract.call('alice', 'mint').status).toBe('reverted');
    expect(layout.fields).toMatchObject([{ name: 'roles', kind: 'set', key: 'RoleGrant' }]);
  });
});
