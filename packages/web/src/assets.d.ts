/** What Vite makes of files that are not code. */
declare module '*.css';
declare module '*.csv?url' {
  export { address as default };
  const address: string;
}
