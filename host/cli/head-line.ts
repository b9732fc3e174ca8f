import type { BlockHeader } from '../index.js';
import type { Row } from './rows.js';

/** The last block of a chain, for JSON. */
export interface HeadDocument {
  readonly height: string;
  readonly hash: string;
}

export function headDocument({ height, hash }: BlockHeader): HeadDocument {
  return { height: String(height), hash };
}

export function headRow({ height, hash }: HeadDocument): Row {
  return ['head', `${height}, ${hash}`];
}
