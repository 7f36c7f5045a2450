/** The part of the package that the benchmark uses; it comes without types. */
declare module 'autocannon' {
  interface Result {
    readonly requests: { readonly average: number };
    readonly latency: { readonly p50: number; readonly p99: number };
    readonly errors: number;
    readonly timeouts: number;
    readonly non2xx: number;
  }
  const autocannon: (options: {
    url: string;
    connections: number;
    duration: number;
    headers: Record<string, string>;
    requests: { method: 'GET'; path: string }[];
  }) => Promise<Result>;
  export default autocannon;
}
