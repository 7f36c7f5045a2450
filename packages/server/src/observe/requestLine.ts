/** What is told of a request that was answered. */
export interface AnsweredRequest {
  readonly requestId: string;
  readonly method: string;
  /** Pattern of the route, never the address, which may carry a signature; null without a route. */
  readonly route: string | null;
  readonly status: number;
  /** Code of the refusal. */
  readonly code: string | null;
  readonly ms: number;
  readonly tenantId: number | null;
  readonly clientId: string | null;
}

/** Level `info` of the log. */
const info = 30;

/** One line of JSON a request, put together by hand because there is one for every request. */
export function requestLine(now: number, request: AnsweredRequest): string {
  const { requestId, method, route, status, code, ms, tenantId, clientId } = request;
  return (
    `{"level":${info},"time":${now},"requestId":"${requestId}","method":"${method}","route":${textOf(route)},` +
    `"status":${status},"code":${textOf(code)},"ms":${ms},"tenantId":${tenantId},"clientId":${textOf(clientId)},` +
    '"msg":"request"}\n'
  );
}

/** Routes, codes and clients are few; their JSON is made once. */
const texts = new Map<string, string>();

function textOf(value: string | null): string {
  if (value === null) return 'null';
  let text = texts.get(value);
  if (text === undefined) {
    text = JSON.stringify(value);
    if (texts.size < 1000) texts.set(value, text);
  }
  return text;
}
