import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { SUITES, type SuiteReport } from '../../dist/bench/index.js';
import { cellName } from '../../dist/bench/suite/cell.js';
import { blockstm } from '../cli/command.js';
import { schemaProblem } from '../support/schemas.js';

test.each(Object.entries(SUITES))(
  'suite %s: every executor and policy gives the states of sequential',
  async (suite, cells) => {
    const args = ['bench', '--suite', suite, '--workers', '2', '--repeats', '1', '--json'];
    const { code, stdout, stderr } = await blockstm(tmpdir(), ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout) as SuiteReport;
    expect(report).toMatchObject({ schema: 'blockstm.suite/1', suite });
    expect(schemaProblem(report)).toBeUndefined();
    expect(report.cells.map(({ name }) => name)).toEqual(cells.map(cellName));
  },
);
