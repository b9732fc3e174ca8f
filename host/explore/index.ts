export { resolvePolicy as policyOf } from '../runtime/policy.js';
export { type Drawn, drawSchedule, type Exploration, type ExploreOptions, explore } from './explore.js';
export { executeInOrder, type ProgramBlock, parseBlock } from './program.js';
export {
  type Replayed,
  replay,
  runLengths,
  SCHEDULE_SCHEMA,
  type Schedule,
  ScheduleError,
  type ToldStep,
} from './schedule.js';
