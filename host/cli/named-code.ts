import { interfaceSection } from '../contract/interface.js';
import { layoutSection } from '../contract/layout.js';
import { appendCustomSection } from '../contract/section.js';
import { sectionSizes } from '../wasm/sections.js';

/** The magic number and the version. */
const HEADER_BYTES = 8;

/**
 * A module that a chain would take, under another name: its interface and its layout say that one, as if its source had been compiled under it, since that is where a chain has the
 * names of its contracts from. A module that is called so already, or says nothing of itself, is as it was.
 */
export function namedCode(wasm: Uint8Array, name: string): Uint8Array {
  const module = new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
  let named = wasm;
  for (const section of [interfaceSection, layoutSection]) {
    const [content] = WebAssembly.Module.customSections(module, section);
    if (content === undefined) continue;
    const document = JSON.parse(new TextDecoder().decode(content)) as { readonly name: string };
    if (document.name === name) continue;
    const text = JSON.stringify({ ...document, name });
    named = appendCustomSection(withoutCustomSection(named, section), section, new TextEncoder().encode(text));
  }
  return named;
}

function withoutCustomSection(wasm: Uint8Array, name: string): Uint8Array {
  const kept = [wasm.subarray(0, HEADER_BYTES)];
  let at = HEADER_BYTES;
  for (const section of sectionSizes(wasm)) {
    if (!section.isCustom || section.name !== name) kept.push(wasm.subarray(at, at + section.bytes));
    at += section.bytes;
  }
  return Buffer.concat(kept);
}
