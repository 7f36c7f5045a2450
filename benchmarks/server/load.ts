/** Sends requests for a while and prints what came of it as one line of JSON. Started by requests.ts. */
import autocannon from 'autocannon';

const { addresses, token, connections, seconds } = JSON.parse(process.argv[2]!) as {
  addresses: string[];
  token: string;
  connections: number;
  seconds: number;
};
const result = await autocannon({
  url: new URL(addresses[0]!).origin,
  connections,
  duration: seconds,
  headers: { authorization: `Bearer ${token}` },
  requests: addresses.map((address) => ({
    method: 'GET',
    path: address.slice(new URL(address).origin.length),
  })),
});
console.log(
  JSON.stringify({
    requestsPerSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failures: result.errors + result.timeouts + result.non2xx,
  }),
);
