import binaryen from 'binaryen';

/** A module from its text. All features are on, so that what a contract must not use can be written too. @throws where the text is wrong. */
export function textToWasm(text: string): Uint8Array<ArrayBuffer> {
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(binaryen.Features.All);
    return Uint8Array.from(module.emitBinary());
  } finally {
    module.dispose();
  }
}
