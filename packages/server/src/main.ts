/**
 * The server as a process of its own: `node main.ts '{"dataDirectory":"…","port":0}'`. Prints one line of JSON when
 * ready and stops on SIGTERM. For tests and service managers; people use the command line of package `athanor`.
 */
import module from 'node:module';

module.enableCompileCache();

const { startServer } = await import('./startServer.ts');
const server = await startServer(JSON.parse(process.argv[2] ?? '{}'));
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void server.close().then(() => process.exit(0));
  });
}

const { url, credentials, token } = server;
const signInLink = await server.makeSignInLink();
console.log(JSON.stringify({ url, ...credentials, token, signInLink, pid: process.pid }));
