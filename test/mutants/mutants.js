// Single lines of the kernel, each with a mistake in their place that a programmer could make. `run.js` applies them one at a time.

/**
 * @typedef {object} Mutant
 * @property {string} file In assembly/kernel, without ending.
 * @property {string} line The line as it is, or the part of it that is replaced; it is there once.
 * @property {string} replacement
 * @property {string} mistake
 * @property {string} [equivalent] Why nothing can tell it from the kernel; then nothing must.
 */

/** @type {readonly Mutant[]} */
export const mutants = [
  // ---- who waits is told ----
  {
    file: 'status',
    line: '? COMMITTED : EXECUTED))) return <u32>(word >> DEPENDENTS_SHIFT);',
    replacement: '? COMMITTED : EXECUTED))) return 0;',
    mistake: 'who waits for a call is forgotten when it has executed',
  },
  {
    file: 'status',
    line: 'if (state == EXECUTED || state == COMMITTED) return false;',
    replacement: 'if (state == COMMITTED) return false;',
    mistake: 'a call waits for one that has executed',
  },
  {
    file: 'status',
    line: 'if (state == EXECUTED || state == COMMITTED) return false;',
    replacement: 'if (state == EXECUTED) return false;',
    mistake: 'a call waits for one that has committed',
  },
  {
    file: 'status',
    line: 'if (cas(blocker, word, (word & OWN) | (<u64>(txIndex + 1) << DEPENDENTS_SHIFT))) return true;',
    replacement: 'cas(blocker, word, (word & OWN) | (<u64>(txIndex + 1) << DEPENDENTS_SHIFT)); return true;',
    mistake: 'a dependent is taken for noted though the status changed meanwhile',
  },
  {
    file: 'status',
    line: 'store<u32>(transaction(txIndex), <u32>(word >> DEPENDENTS_SHIFT), TX_NEXT_DEPENDENT);',
    replacement: 'store<u32>(transaction(txIndex), 0, TX_NEXT_DEPENDENT);',
    mistake: 'whoever waits already is dropped by the next one that waits',
  },
  {
    file: 'scheduler',
    line: 'if (parks && tryAddDependent(blocker, txIndex)) return;',
    replacement: 'if (parks) { tryAddDependent(blocker, txIndex); return; }',
    mistake: 'a call sleeps though nobody was there to be waited for: a missed wake-up',
  },
  {
    file: 'scheduler',
    line: 'if (!resume(txIndex) || isTurnOf(txIndex)) setOwn(txIndex);',
    replacement: 'resume(txIndex);',
    mistake: 'a call that need not wait is made ready, and nobody executes it',
  },
  // ---- indexes are rewound ----
  {
    file: 'scheduler',
    line: '  lowerCursor(lowest);',
    replacement: '  if (lowest == 0) lowerCursor(lowest);',
    mistake: 'the cursor is not rewound to calls that are ready again',
  },
  {
    file: 'scheduler',
    line: 'lowest = min(lowest, txIndex);',
    replacement: 'lowest = txIndex;',
    mistake: 'the cursor is rewound to the last of those that waited, not to the lowest',
  },
  {
    file: 'run',
    line: 'if (<u32>word <= to || atomic.cmpxchg<u64>(AT_EXECUTION, word, (word & 0xffffffff00000000) | to) == word) return;',
    replacement:
      'if (<u32>word > to) atomic.cmpxchg<u64>(AT_EXECUTION, word, (word & 0xffffffff00000000) | to); return;',
    mistake: 'the cursor is not rewound where somebody claims at that moment',
  },
  {
    file: 'frontier',
    line: 'if (!makeReady(txIndex) || isTurnOf(txIndex)) own = txIndex + 1;',
    replacement: 'makeReady(txIndex);',
    mistake: 'whoever aborts a call does not execute it again',
  },
  // ---- states ----
  {
    file: 'status',
    line: 'if ((word & STATE) != READY || ((word & TURN) != 0 && !isTurn)) return false;',
    replacement: 'if ((word & TURN) != 0 && !isTurn) return false;',
    mistake: 'a call is begun that is not ready',
  },
  {
    file: 'status',
    line: 'transition(txIndex, from, READY, INCARNATION | (waits ? TURN : 0));',
    replacement: 'transition(txIndex, from, READY, waits ? TURN : 0);',
    mistake: 'the incarnation does not count up: a stale status looks current',
  },
  {
    file: 'status',
    line: 'return cas(txIndex, word, (word & ~STATE) | COMMITTED);',
    replacement: 'return cas(txIndex, wordOf(txIndex), (word & ~STATE) | COMMITTED);',
    mistake: 'commits whatever the status is by now, with the half that was looked at',
  },
  {
    file: 'status',
    line: 'return cas(txIndex, word, (word & ~STATE) | ABORTING);',
    replacement: 'return cas(txIndex, wordOf(txIndex), (word & ~STATE) | ABORTING);',
    mistake: 'aborts whatever the status is by now',
  },
  {
    file: 'scheduler',
    line: 'if (!readsHold(at) && tryAbort(at, word)) abort(at);',
    replacement: 'if (!readsHold(at)) { tryAbort(at, word); abort(at); }',
    mistake: 'two validators abort one incarnation',
  },
  // ---- committing ----
  {
    file: 'frontier',
    line: 'return streakEnd == txIndex || <u32>frontierWord() == txIndex;',
    replacement: 'return streakEnd == txIndex || <u32>frontierWord() + 1 >= txIndex;',
    mistake: 'a call is taken for final one too early',
  },
  {
    file: 'frontier',
    line: 'return streakEnd == txIndex || <u32>frontierWord() == txIndex;',
    replacement:
      'return streakEnd == txIndex || <u32>frontierWord() == txIndex || (txIndex > 0 && isCommitted(txIndex - 1));',
    mistake: 'a call is taken for final as soon as the one before it says that it has committed',
  },
  {
    file: 'frontier',
    line: 'streakEnd = txIndex + 1;',
    replacement: 'streakEnd = txIndex + 2;',
    mistake: 'a streak ends one too late',
  },
  {
    file: 'frontier',
    line: 'if ((word & LOCKED) != 0 || at == count) return moved;',
    replacement: 'if (at == count) return moved;',
    mistake: "the frontier's lock does not lock",
  },
  {
    file: 'frontier',
    line: 'if (!readsCommitted(at)) {',
    replacement: 'if (false) {',
    mistake: 'commits without validating',
  },
  {
    file: 'frontier',
    line: 'if (!tryCommit(at, status)) break;',
    replacement: 'tryCommit(at, status);',
    mistake: 'commits what another worker aborts',
  },
  {
    file: 'frontier',
    line: '    wakeAll();',
    replacement: '    wake(1);',
    mistake: 'at the end one sleeper is woken, not all',
  },
  {
    file: 'validate',
    line: '(now & ESTIMATE) != 0 || !sameValue(now, read))) return fails(',
    replacement: '(now & ESTIMATE) != 0 || sameValue(now, read))) return fails(',
    mistake: 'the comparison of values the wrong way round',
  },
  {
    file: 'validate',
    line: 'const now: usize = isTurn ? committed(location) : visibleBelow(location, txIndex);',
    replacement: 'const now: usize = visibleBelow(location, txIndex);',
    mistake: 'the verdict at the frontier is about what is visible, not what is committed',
  },
  {
    file: 'validate',
    line: 'if (isTurn && delta != 0 && !deltaHolds(delta, committed(location))) return fails(',
    replacement: 'if (isTurn && delta != 0 && isAdded(delta) && !deltaHolds(delta, committed(location))) return fails(',
    mistake: 'an addition that was refused is not validated',
  },
  {
    file: 'validate',
    line: 'else if (delta != 0 && isAdded(delta)) commitRecord(',
    replacement: 'else if (delta != 0 && !isAdded(delta)) commitRecord(',
    mistake: 'commits what was not added, and not what was',
  },
  // ---- versions ----
  {
    file: 'frontier',
    line: 'if (marksEstimates) markEstimates(txIndex);',
    replacement: 'if (marksEstimates && count == 0) markEstimates(txIndex);',
    mistake: 'an estimate is not set',
  },
  {
    file: 'validate',
    line: 'if (previous != 0) forEachWritten(previous, txIndex, false);',
    replacement: 'if (previous == 0) forEachWritten(previous, txIndex, false);',
    mistake: 'what the last incarnation wrote and this one did not stays',
  },
  {
    file: 'versions',
    line: 'if (node == 0 || (nodeTx(node) < txIndex && (next(node, 0) & REMOVED) == 0)) return node;',
    replacement: 'if (node == 0 || (nodeTx(node) <= txIndex && (next(node, 0) & REMOVED) == 0)) return node;',
    mistake: 'a call reads its own version, of an earlier incarnation',
  },
  {
    file: 'versions',
    line: 'if (atomic.cmpxchg<u64>(location, word, epochTag | node, LOCATION_CHAIN) == word) return;',
    replacement: 'atomic.cmpxchg<u64>(location, word, epochTag | node, LOCATION_CHAIN); return;',
    mistake: 'a version is lost where another is published at that moment',
  },
  {
    file: 'versions',
    line: 'newest == 0 || nodeTx(newest) < frontier ? 0 : newest;',
    replacement: 'newest == 0 || nodeTx(newest) <= frontier ? 0 : newest;',
    mistake: 'the version of the call at the frontier is dropped before it has committed',
  },
  {
    file: 'versions',
    line: 'if (casLink(location, load<u32>(stagingBase, STAGING_LINKS), below, node)) break;',
    replacement: 'casLink(location, load<u32>(stagingBase, STAGING_LINKS), below, node); break;',
    mistake: 'a version in the middle of a chain is lost where the link changes at that moment',
  },
  {
    file: 'view',
    line: 'if (isFinal) return committed(location);',
    replacement: 'if (isFinal && endOfAccesses() == 0) return committed(location);',
    mistake: 'a final call reads versions',
  },
  {
    file: 'view',
    line: 'unwind(UNWIND_ESTIMATE);',
    replacement: 'return committed(location);',
    mistake: 'an estimate gives the committed value',
    equivalent:
      'the read is recorded by that record and validated at the frontier like any other: the call may be executed once more, and waits for nobody, as with suspend=abort',
  },
  // ---- sleeping ----
  {
    file: 'park',
    line: '  atomic.add<u32>(AT_WAKE, 1);',
    replacement: '',
    mistake: 'the wake word does not change: who was about to sleep sleeps on',
  },
  {
    file: 'park',
    line: 'atomic.sub<u32>(AT_PARKED, atomic.notify(AT_WAKE, most));',
    replacement: 'atomic.notify(AT_WAKE, most);',
    mistake: 'who was woken still counts as parked',
  },
  {
    file: 'park',
    line: '  atomic.add<u32>(AT_PARKED, 1);',
    replacement: '',
    mistake: 'who sleeps does not count himself',
  },
  {
    file: 'scheduler',
    line: '  wake(resumed);',
    replacement: '',
    mistake: 'nobody is woken for calls that are ready again',
    equivalent:
      'who resumes them asks for work himself before he sleeps, and executes them: only speed is lost (park.ts)',
  },
  {
    file: 'frontier',
    line: 'if (grain == 1) startWave(txIndex + 1, claimedEnd());',
    replacement: '',
    mistake: 'no wave after an abort',
    equivalent: 'a wave is a hint: what it would find out is found out at the frontier (wave.ts)',
  },
  // ---- keys ----
  {
    file: 'keys',
    line: 'if (sameKey(location, contract, key, length)) {',
    replacement: 'if (true) {',
    mistake: 'a key is found by its hash only',
  },
  {
    file: 'keys',
    line: 'word = atomic.cmpxchg<u64>(at, 0, (<u64>hash << 32) | own);',
    replacement: 'atomic.store<u64>(at, (<u64>hash << 32) | own);',
    mistake: 'two workers intern one key at once, each for himself',
  },
  {
    file: 'keys',
    line: '        nextId++;',
    replacement: '',
    mistake: 'the id of a new key is given to the next one, too',
  },
  {
    file: 'keys',
    line: 'if (sweeps != load<u32>(AT_SWEEPS)) {',
    replacement: 'if (false) {',
    mistake: 'ids that were reserved before everything left memory are used afterwards',
  },
  {
    file: 'keys',
    line: 'if (hasBase) loadBase(location, contract, key, length);',
    replacement: '',
    mistake: 'a key whose value has left memory starts without one',
  },
  {
    file: 'keys',
    line: 'if (atomic.cmpxchg<u32>(AT_LOCATIONS_USED, first, end) == first) {',
    replacement: 'atomic.store<u32>(AT_LOCATIONS_USED, end); if (true) {',
    mistake: 'two workers take the same ids, without a CAS',
  },
  {
    file: 'keys',
    line: 'if (atomic.cmpxchg<u32>(AT_LOCATIONS_USED, first, end) == first) {',
    replacement: 'atomic.cmpxchg<u32>(AT_LOCATIONS_USED, first, end); if (true) {',
    mistake: 'two workers take the same ids, whatever the CAS says',
  },
  // ---- memory ----
  {
    file: 'arena',
    line: 'return (bytes + CHUNK - 1) & ~(CHUNK - 1);',
    replacement: 'return bytes & ~(CHUNK - 1);',
    mistake: 'sizes are rounded down to chunks',
  },
  {
    file: 'arena',
    line: 'if (atomic.cmpxchg<u64>(AT_POOL_FREE, word, (<u64>taken << 32) | low) == word) return taken;',
    replacement: 'atomic.cmpxchg<u64>(AT_POOL_FREE, word, (<u64>taken << 32) | low); return taken;',
    mistake: 'a chunk is handed out twice where two workers take one at once',
  },
  {
    file: 'arena',
    line: 'if (limit - address < bytes) return allocateSlow(bytes);',
    replacement: 'if (limit - address < bytes) return allocateSlow(bytes); return address;',
    mistake: 'the cursor of the arena is not moved on',
  },
  {
    file: 'arena',
    line: 'if (limit - address < bytes) return allocateSlow(bytes);',
    replacement: 'if (limit <= address) return allocateSlow(bytes);',
    mistake: "what does not fit into the worker's chunk is put over its end",
  },
  {
    file: 'arena',
    line: '  cursor = 0;',
    replacement: '',
    mistake: "a worker goes on in the last block's chunk, which is another's by now",
  },
  {
    file: 'arena',
    line: 'store<u32>(log, address + bytes, 4);',
    replacement: '',
    mistake: 'an entry of a log is written over the last one',
  },
  {
    file: 'arena',
    line: 'store<u32>(chunk, load<u32>(log), LOG_NEXT);',
    replacement: 'store<u32>(chunk, 0, LOG_NEXT);',
    mistake: 'of a log only the newest chunk is left',
  },
  {
    file: 'arena',
    line: 'if (atomic.cmpxchg<u64>(AT_POOL_FREE, word, (<u64>high << 32) | (low + size)) == word) return low;',
    replacement: 'atomic.cmpxchg<u64>(AT_POOL_FREE, word, (<u64>high << 32) | (low + size)); return low;',
    mistake: 'a chunk that outlives the block is handed out twice where two workers take one at once',
  },
  {
    file: 'heap',
    line: 'if (atomic.cmpxchg<u64>(list, word, (((word >> 32) + 1) << 32) | rest) == word) return block;',
    replacement: 'atomic.cmpxchg<u64>(list, word, (((word >> 32) + 1) << 32) | rest); return block;',
    mistake: 'a block of the heap is handed out twice where two workers take one at once',
  },
  // ---- the wave ----
  {
    file: 'wave',
    line: 'if (atomic.cmpxchg<u64>(AT_WAVE, word, word + 1) == word) return <i32>word;',
    replacement: 'if (atomic.cmpxchg<u64>(AT_WAVE, word, word) == word) return <i32>word;',
    mistake: 'the wave does not move on from a call that was validated',
  },
  {
    file: 'wave',
    line: 'if (atomic.cmpxchg<u64>(AT_WAVE, word, word + 1) == word) return <i32>word;',
    replacement: 'if (atomic.cmpxchg<u64>(AT_WAVE, word, word + 2) == word) return <i32>word;',
    mistake: 'the wave passes over every other call',
    equivalent: 'a wave is a hint: a call that was passed over is validated at the frontier (wave.ts)',
  },
  // ---- deltas ----
  {
    file: 'delta',
    line: 'if (sum <= highest) {',
    replacement: 'if (sum <= most) {',
    mistake: 'the sum before an addition is compared with the bound, not the one after it',
  },
  {
    file: 'delta',
    line: 'if (sum <= highest) {',
    replacement: 'if (sum < highest) {',
    mistake: 'an addition that reaches the bound is refused',
  },
  {
    file: 'delta',
    line: 'if (sum >= lowest) {',
    replacement: 'if (sum > lowest) {',
    mistake: 'a subtraction that reaches the bound is refused',
  },
  {
    file: 'delta',
    line: 'store<u64>(delta, min(load<u64>(delta, MOST), baseOf(delta, highest)), MOST);',
    replacement: 'store<u64>(delta, baseOf(delta, highest), MOST);',
    mistake: 'of the bounds of additions that succeed the last one counts, not the nearest',
  },
  {
    file: 'delta',
    line: 'return base >= load<u64>(delta, LEAST) && base <= load<u64>(delta, MOST);',
    replacement: 'return base >= load<u64>(delta, LEAST) && base - 1 <= load<u64>(delta, MOST);',
    mistake: 'the verdicts are taken to hold for one base more than they do',
  },
  {
    file: 'delta',
    line: 'return counterValue(record) + (load<u64>(delta, SUM) - load<u64>(delta, BASE));',
    replacement: 'return load<u64>(delta, SUM);',
    mistake: 'what was added is committed on the guess and not on the value',
  },
  {
    file: 'delta',
    line: 'store<u64>(delta, sum, SUM);',
    replacement: '',
    mistake: 'what a call within the call has added stays when that fails',
  },
  {
    file: 'delta',
    line: 'if (!isCounter(record)) return false;',
    replacement: '',
    mistake: 'an addition to what is no counter by now is committed',
  },
  {
    file: 'delta',
    line: 'if (amount > most) return false;',
    replacement: 'if (amount >= most) return false;',
    mistake: 'an amount as large as the bound is refused, whatever it is added to',
  },
  {
    file: 'delta',
    line: 'max(load<u64>(delta, LEAST), base + 1), LEAST);',
    replacement: 'max(load<u64>(delta, LEAST), base), LEAST);',
    mistake: 'an addition that was refused is taken to be refused on the base on which it reaches the bound',
  },
  {
    file: 'delta',
    line: 'min(load<u64>(delta, MOST), base - 1), MOST);',
    replacement: 'min(load<u64>(delta, MOST), base), MOST);',
    mistake: 'a subtraction that was refused is taken to be refused on the base on which it reaches the bound',
  },
  // ---- committed values ----
  {
    file: 'commit',
    line: 'if (load<u32>(location, LOCATION_TOUCHED) != epoch) {',
    replacement: 'if (true) {',
    mistake: 'every write of a block is a change of its own, so that the write set has it twice',
  },
  {
    file: 'commit',
    line: 'atomic.store<u32>(location, <u32>record, LOCATION_COMMITTED);',
    replacement: 'if (load<u32>(record) != ABSENT) atomic.store<u32>(location, <u32>record, LOCATION_COMMITTED);',
    mistake: 'a removal is not committed',
  },
  {
    file: 'commit',
    line: 'if (old == location + LOCATION_RECORD) copyWords(old, entry + UNDO_RECORD, 8 + INLINE_VALUE);',
    replacement: '',
    mistake: 'a short value that a block has changed stays when that is taken back',
  },
  {
    file: 'commit',
    line: 'store<u32>(location, old, LOCATION_COMMITTED);',
    replacement: '',
    mistake: 'a long value that a block has changed stays when that is taken back',
  },
  {
    file: 'commit',
    line: 'const fits = !first && isHeap(',
    replacement: 'const fits = isHeap(',
    mistake: 'in order, a long value is written over the one that taking the block back needs',
  },
  {
    file: 'commit',
    line: 'if (!first && isHeap(location, old) && old != to) freeRecord(old);',
    replacement: 'if (isHeap(location, old) && old != to) freeRecord(old);',
    mistake: 'in order, the value that taking the block back needs is freed',
  },
  // ---- calls ----
  {
    file: 'executor',
    line: 'if (failed()) dropWrites();',
    replacement: '',
    mistake: 'what a failed call has written stays',
  },
  {
    file: 'executor',
    line: '  countExecution();',
    replacement: '  countExecution(); if (isExecutingFinal) countExecution();',
    mistake: 'a call that is executed at the frontier is counted twice',
  },
  {
    file: 'executor',
    line: 'if (unwinding == UNWIND_NONE) setTrap(gas < 0, stackLeft < 0, trapCode);',
    replacement: 'if (unwinding == UNWIND_NONE) setTrap(false, stackLeft < 0, trapCode);',
    mistake: 'a call that runs out of gas is one that has trapped',
  },
  {
    file: 'executor',
    line: '      countGas(used);',
    replacement: '',
    mistake: 'the gas of calls that are executed at the frontier is not counted',
  },
  {
    file: 'executor',
    line: '      commitOwnWrites();',
    replacement: '      publishAccesses(txIndex);',
    mistake: 'a call that is executed at the frontier publishes what it wrote, and nobody commits it',
  },
  // ---- the bound on incarnations ----
  {
    file: 'status',
    line: '>= (MAX_SPECULATIVE - 1) * INCARNATION;',
    replacement: '> (MAX_SPECULATIVE - 1) * INCARNATION;',
    mistake: 'a call is begun once more before its turn than it may',
  },
  {
    file: 'status',
    line: '>= (MAX_SPECULATIVE - 1) * INCARNATION;',
    replacement: '>= (MAX_SPECULATIVE - 2) * INCARNATION;',
    mistake: 'a call awaits its turn one incarnation too early',
    equivalent:
      'the bound limits wasted work and no result depends on it; that it is reached, and not less, is for test/engine/incarnations.test.ts to see',
  },
  {
    file: 'status',
    line: 'INCARNATION | (waits ? TURN : 0));',
    replacement: 'INCARNATION);',
    mistake: 'no call awaits its turn, however often it was aborted',
  },
  // ---- calls within calls, slots, events, what a block brings along ----
  {
    file: 'heap',
    line: 'cursor = block + size;',
    replacement: '',
    mistake: 'the cursor of the heap is not moved on',
  },
  {
    file: 'gas',
    line: 'limit - gas - keptGas;',
    replacement: 'limit - gas;',
    mistake: 'what a caller kept counts as used where a call within the call ends it all',
  },
  {
    file: 'gas',
    line: 'gas = gas < 0 ? share : gas + keptGas - kept;',
    replacement: 'gas = gas + keptGas - kept;',
    mistake: 'what a call within the call has asked for beyond its gas is taken from its caller',
  },
  {
    file: 'accesses',
    line: '  memory.copy(larger, accesses, <usize>capacity << ACCESS_SHIFT);',
    replacement: '',
    mistake: 'accesses that move to a larger place are left behind',
  },
  {
    file: 'frontier',
    line: 'if (awaitsTurn(at)) own = at + 1;',
    replacement: '',
    mistake: 'nobody executes the call that has awaited its turn',
  },
  {
    file: 'status',
    line: '|| ((word & TURN) != 0 && !isTurn)) return false;',
    replacement: ') return false;',
    mistake: 'a call that awaits its turn is begun before that',
  },
  {
    file: 'nested',
    line: '    undoTo(mark);',
    replacement: '',
    mistake: 'what a call within the call has written stays when that fails',
  },
  {
    file: 'nested',
    line: 'if (isOnStack(target)) return',
    replacement: 'if (false) return',
    mistake: 'a contract is called while it waits for another',
  },
  {
    file: 'result',
    line: 'if (lastEvent != 0) store<u32>(lastEvent, 0);',
    replacement: '',
    mistake: 'events of a failed call within the call stay',
  },
  {
    file: 'result',
    line: 'lastEvent = <usize>(events >> 32);',
    replacement: '',
    mistake: 'after a failed call within the call events go to the chain of those that went',
  },
  {
    file: 'accesses',
    line: 'if (<u32>(word >> 32) == stamp) return <u32>word;',
    replacement: 'if (word != 0) return <u32>word;',
    mistake: 'a slot of the last call is taken for one of this call',
  },
  {
    file: 'status',
    line: 'store<u64>(transaction(txIndex), 0, TX_ACCESSES);',
    replacement: '',
    mistake: 'the read and write set of the last block counts as that of the incarnation before',
  },
  {
    file: 'frontier',
    line: 'countGas(gasUsedBy(at));',
    replacement: '',
    mistake: 'the gas of calls that are executed speculatively is not counted',
  },
  {
    file: 'base',
    line: 'if ((length & 7) != 0) {',
    replacement: 'if (false) {',
    mistake: 'a value that comes back to memory has whatever was behind it in its last word',
  },
  {
    file: 'view',
    line: 'if (written != 0) return written;',
    replacement: '',
    mistake: 'a call does not see what it wrote itself',
  },
];
