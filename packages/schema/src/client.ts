import type { z } from 'zod';
import { Problem } from './problem.ts';
import { ProblemError } from './problemError.ts';
import { BuildEvent } from './records/buildEvent.ts';
import { fullPath, type Route } from './routes/route.ts';
import { routes, type RouteName } from './routes/index.ts';

type Given<Key extends string, T> = [T] extends [z.ZodUndefined]
  ? unknown
  : T extends z.ZodType
    ? Record<Key, z.input<T>>
    : unknown;
type Arguments<R> =
  R extends Route<infer P, infer Q, infer B, z.ZodType>
    ? Given<'params', P> & Partial<Given<'query', Q>> & Given<'body', B>
    : never;
type Reply<R> =
  R extends Route<z.ZodType, z.ZodType, z.ZodType, infer T>
    ? [T] extends [z.ZodUndefined]
      ? undefined
      : z.output<T>
    : never;

export interface ClientOptions {
  /** Address of the server without the base path, e.g. `http://127.0.0.1:3500`. */
  readonly url: string;
  readonly token?: string;
}

/** A typed HTTP client: `client.call('getDataset', { params: { datasetId: 'DST1' } })`. */
export class Client {
  readonly url: string;
  readonly token: string | undefined;

  constructor(options: ClientOptions) {
    this.url = options.url.replace(/\/+$/, '');
    this.token = options.token;
  }

  /** Signs in with client credentials and gives a client that holds the token. */
  static async signIn(url: string, clientId: string, clientSecret: string): Promise<Client> {
    const anonymous = new Client({ url });
    const reply = await anonymous.call('createToken', {
      body: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
    });
    return new Client({ url, token: reply.access_token });
  }

  /**
   * Calls one route by name.
   * @throws ProblemError with everything the server complained about.
   */
  async call<Name extends RouteName>(
    name: Name,
    args: Arguments<(typeof routes)[Name]>,
  ): Promise<Reply<(typeof routes)[Name]>> {
    const route: Route = routes[name];
    const { params, query, body } = args as {
      params?: Record<string, string>;
      query?: Record<string, unknown>;
      body?: unknown;
    };
    const headers: Record<string, string> = {};
    let payload: string | undefined;
    if (route.body !== undefined) {
      headers['content-type'] =
        route.bodyType === 'form' ? 'application/x-www-form-urlencoded' : 'application/json';
      payload =
        route.bodyType === 'form'
          ? new URLSearchParams(body as Record<string, string>).toString()
          : JSON.stringify(body ?? {});
    }
    const response = await this.#send(
      route.method,
      fillPath(fullPath(route), params) + toQuery(query),
      headers,
      payload,
    );
    if (route.reply === undefined) return undefined as Reply<(typeof routes)[Name]>;
    return route.reply.parse(await response.json()) as Reply<(typeof routes)[Name]>;
  }

  /** Uploads bytes under a name of namespace `breakthrough`. */
  async upload(name: string, bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<void> {
    const [signed] = await this.call('signUploads', {
      body: { files: [{ name, namespace: 'breakthrough', contentType }] },
    });
    const response = await fetch(signed!.URL, {
      method: 'PUT',
      headers: { 'content-type': contentType },
      body: bytes,
    });
    if (!response.ok) throw await readProblem(response);
  }

  /** Downloads a file of namespace `breakthrough`. */
  async download(name: string): Promise<Uint8Array> {
    const { URL: address } = await this.call('signDownload', { query: { name, namespace: 'breakthrough' } });
    const response = await fetch(address);
    if (!response.ok) throw await readProblem(response);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** Downloads a model as an ONNX file. @throws ProblemError MODEL_NOT_READY, MODEL_NOT_EXPORTABLE, … */
  async downloadOnnx(modelId: string): Promise<Uint8Array> {
    const response = await this.#send('GET', fillPath(fullPath(routes.downloadOnnx), { modelId }), {});
    return new Uint8Array(await response.arrayBuffer());
  }

  /** Follows a build until it ends. Ends with a network error when the connection drops; call it again to go on. */
  async *followBuild(sessionId: string, signal?: AbortSignal): AsyncGenerator<BuildEvent> {
    const path = fillPath(fullPath(routes.streamBuildEvents), { sessionId });
    const response = await this.#send('GET', path, { accept: 'text/event-stream' }, undefined, signal);
    const decoder = new TextDecoder();
    let pending = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      pending += decoder.decode(chunk, { stream: true });
      const blocks = pending.split('\n\n');
      pending = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = block
          .split('\n')
          .filter((line) => line.startsWith('data:'))
          .map((line) => line.slice(5).trim())
          .join('\n');
        if (data !== '') yield BuildEvent.parse(JSON.parse(data));
      }
    }
  }

  async #send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
    signal?: AbortSignal,
  ): Promise<Response> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...headers, ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }) },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (!response.ok) throw await readProblem(response);
    return response;
  }
}

function fillPath(path: string, params: Record<string, string> = {}): string {
  return path.replace(/:([a-zA-Z]+)/g, (_, key: string) => {
    const value = params[key];
    if (value === undefined) throw new TypeError(`path ${path} needs ${key}`);
    return encodeURIComponent(value);
  });
}

function toQuery(query: Record<string, unknown> = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value]) search.append(key, String(item));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

async function readProblem(response: Response): Promise<Error> {
  const text = await response.text();
  try {
    return new ProblemError(Problem.parse(JSON.parse(text)).errors);
  } catch (cause) {
    return new Error(
      `${response.url} answered ${response.status} without a problem document: ${text.slice(0, 200)}`,
      { cause },
    );
  }
}
