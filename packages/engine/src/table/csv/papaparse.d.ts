/**
 * The part of papaparse that is used. Its published types bring those of Node along, which the engine must not see.
 */
declare module 'papaparse' {
  interface ParseOptions {
    readonly delimiter: string;
    readonly newline: '\n';
    /** Stop after this many records; 0 reads all. */
    readonly preview?: number;
  }
  const Papa: { parse(text: string, options: ParseOptions): { readonly data: string[][] } };
  export default Papa;
}
