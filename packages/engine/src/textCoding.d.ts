/**
 * The one thing the engine takes from its surroundings without asking: decoding bytes to text is computation, and
 * Node, browsers and workers all have it. Declared here because the engine compiles without their types.
 */
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array): string;
}

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
