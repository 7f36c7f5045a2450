import type { FastifyRequest } from 'fastify';
import type { ServerConfig } from '../config.ts';

/** The cookie that keeps a browser signed in: out of reach of scripts, and never sent along from pages of other sites. */
export class PageCookie {
  readonly #name: string;
  readonly #attributes: string;
  readonly #publicHost: string | undefined;

  /** @param installation Tells servers on one machine apart, because cookies do not care about ports. */
  constructor(config: ServerConfig, installation: string) {
    const isTls = config.publicUrl?.protocol === 'https:';
    this.#name = `athanor_${installation}`;
    this.#attributes = `Path=/; HttpOnly; SameSite=Strict${isTls ? '; Secure' : ''}`;
    this.#publicHost = config.publicUrl?.host;
  }

  /** Value of a Set-Cookie header. */
  give(token: string, seconds: number): string {
    return `${this.#name}=${token}; Max-Age=${seconds}; ${this.#attributes}`;
  }

  takeBack(): string {
    return `${this.#name}=; Max-Age=0; ${this.#attributes}`;
  }

  /** The token a request carries; null without one. */
  read(request: FastifyRequest): string | null {
    for (const part of (request.headers.cookie ?? '').split(';')) {
      const [name, value] = part.trim().split('=', 2);
      if (name === this.#name && value !== undefined && value !== '') return value;
    }
    return null;
  }

  /**
   * Whether a request comes from a page of this very server. `SameSite` lets pages of other ports of this host
   * through; browsers say where a request comes from in Sec-Fetch-Site, and without TLS at least in Origin.
   */
  isOwnPage(request: FastifyRequest): boolean {
    const { origin, host, 'sec-fetch-site': site } = request.headers;
    if (site !== undefined) return site === 'same-origin';
    if (origin !== undefined) return URL.parse(origin)?.host === (this.#publicHost ?? host);
    return request.method === 'GET';
  }
}
