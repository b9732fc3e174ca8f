export { resolvePolicy as policyOf } from '../runtime/policy.js';
export { type Exploration, type ExploreOptions, explore } from './explore.js';
export { executeInOrder, type ProgramBlock, parseBlock } from './program.js';
export { parseSchedule, replay, runLengths, SCHEDULE_SCHEMA, type Schedule, type ToldStep } from './schedule.js';
