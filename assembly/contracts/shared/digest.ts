// A running digest that shows order: folding a then b differs from folding b then a.

/**
 * Folds one word into a digest: `h = digest * 0x9e3779b97f4a7c15 + word`, then `h ^ (h >> 29)`, in 64 bits without sign.
 * Reversible in the digest, so that no two histories of one length merge by folding the same words afterwards.
 */
export function fold(digest: u64, word: u64): u64 {
  const mixed = digest * 0x9e3779b97f4a7c15 + word;
  return mixed ^ (mixed >> 29);
}
