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
];
