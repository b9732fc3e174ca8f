export { Random } from '../../dist/host/testing/random.js';
