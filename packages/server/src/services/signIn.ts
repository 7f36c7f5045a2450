import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ProblemError, UserClass } from '@athanor/schema';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Credentials } from '../store/openDataDirectory.ts';
import { formatId, parseRecordId } from '../store/recordId.ts';
import { clients, type ClientWithUser } from '../store/repositories/clients.ts';
import { endedTokens } from '../store/repositories/endedTokens.ts';
import { tenants } from '../store/repositories/tenants.ts';
import { users } from '../store/repositories/users.ts';
import { creationStamps } from '../store/stamps.ts';
import type { Store } from '../store/store.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import type { Caller } from './caller.ts';
import { type Clock, toIso } from './clock.ts';
import { FailureLimiter } from './failureLimiter.ts';

const issuer = 'athanor';
const audience = 'athanor-api';
/** Lifetime of a token from the token route; the public client fetches a new one a minute before. */
export const tokenSeconds = 3600;
/** Lifetime of a browser's session. */
export const pageSessionSeconds = 30 * 24 * 3600;
/** How long a sign-in link waits to be opened. */
export const linkSeconds = 15 * 60;
/** Links that wait at one time; the oldest make room. */
const maxLinks = 100;
/** Clocks of two machines may differ by this much. */
const leewaySeconds = 60;
/** Longer texts are not tokens of ours. */
const maxTokenCharacters = 4096;
/** A verified token is trusted so long without a look into the store: within it a revoked client is refused. */
const trustMs = 2_000;
const maxTrusted = 1_000;

export interface Token {
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly tenantId: number;
}

/** Who may come in: client credentials against short-lived signed tokens. */
export class SignIn {
  readonly #store: Store;
  readonly #key: Uint8Array;
  readonly #clock: Clock;
  readonly #limiter: FailureLimiter;
  /** Who a link signs in, by the hash of its code. In memory: a restart makes waiting links void. */
  readonly #links = new Map<string, { clientId: string; until: number }>();
  readonly #trusted = new Map<string, { caller: Caller; until: number }>();

  constructor(
    store: Store,
    key: Uint8Array,
    clock: Clock,
    limits: { wrongSecrets: number; wrongSecretsWaitSeconds: number },
  ) {
    this.#store = store;
    this.#key = key;
    this.#clock = clock;
    this.#limiter = new FailureLimiter(limits.wrongSecrets, limits.wrongSecretsWaitSeconds, clock);
  }

  /**
   * The client-credentials grant.
   * @throws ProblemError CLIENT_INVALID, the same for an unknown client and a wrong secret; RATE_LIMITED.
   */
  async grant(
    clientId: string,
    secret: string,
    address: string,
    seconds: number = tokenSeconds,
  ): Promise<Token> {
    const name = `${clientId} ${address}`;
    const wait = this.#limiter.waitSeconds(name);
    if (wait > 0) {
      throw ProblemError.of('RATE_LIMITED', `Too many wrong secrets; try again in ${wait} seconds.`);
    }
    const client = await clients.find(this.#store.database, clientId);
    const isRight = matchesHash(secret, client?.secretHash ?? hashSecret(''));
    if (client === undefined || !isRight || !isActive(client)) {
      this.#limiter.fail(name);
      throw ProblemError.of('CLIENT_INVALID', 'Unknown client or wrong secret.');
    }
    this.#limiter.succeed(name);
    return this.#issue(client, seconds);
  }

  /** The code of a link that signs a browser in as `caller`, once. */
  makeLinkCode(caller: Pick<Caller, 'clientId'>): string {
    const code = randomBytes(24).toString('base64url');
    if (this.#links.size >= maxLinks) this.#links.delete(this.#links.keys().next().value!);
    this.#links.set(hashSecret(code), {
      clientId: caller.clientId,
      until: this.#clock() + linkSeconds * 1000,
    });
    return code;
  }

  /**
   * A browser's session for the code of a link; the link is used up.
   * @throws ProblemError SIGN_IN_LINK_INVALID.
   */
  async redeemLink(code: string): Promise<Token> {
    const hash = hashSecret(code);
    const link = this.#links.get(hash);
    this.#links.delete(hash);
    const client =
      link === undefined || this.#clock() >= link.until
        ? undefined
        : await clients.find(this.#store.database, link.clientId);
    if (client === undefined || !isActive(client)) {
      throw ProblemError.of(
        'SIGN_IN_LINK_INVALID',
        'This sign-in link was used already, is too old, or was made before the server started.',
      );
    }
    return this.#issue(client, pageSessionSeconds);
  }

  /**
   * A token for the administrator that the first start made, e.g. for the command line.
   * @throws Error when that client is gone.
   */
  async issueAdministratorToken(seconds: number): Promise<Token> {
    return this.#issue(await this.#administrator(), seconds);
  }

  /** The code of a link that signs a browser in as that administrator. */
  async makeAdministratorLinkCode(): Promise<string> {
    return this.makeLinkCode(await this.#administrator());
  }

  async #administrator(): Promise<ClientWithUser> {
    const [tenant] = await tenants.list(this.#store.database);
    for (const { clientId } of tenant === undefined
      ? []
      : await clients.list(this.#store.database, tenant.id)) {
      const client = await clients.find(this.#store.database, clientId);
      if (client?.userClass === 'admin' && isActive(client)) return client;
    }
    throw new Error('no administrator can sign in; all its clients are revoked');
  }

  /** Who a token belongs to, if that was looked up a moment ago. */
  trusted(token: string): Caller | null {
    const known = this.#trusted.get(token);
    return known !== undefined && this.#clock() < known.until ? known.caller : null;
  }

  /** Clients or users have changed: every token is looked up again. */
  forgetTrusted(): void {
    this.#trusted.clear();
  }

  /**
   * Ends a token of the caller's own client before its time; what is no such token is left alone, as RFC 7009 wants
   * it.
   */
  async end(caller: Caller, token: string): Promise<void> {
    const payload = await this.#read(token).catch(() => null);
    if (payload === null || payload['clientId'] !== caller.clientId) return;
    await endedTokens.forget(this.#store.database, this.#clock() / 1000 - leewaySeconds);
    await endedTokens.insert(this.#store.database, payload.jti!, payload.exp!);
    this.forgetTrusted();
  }

  /**
   * Who a token belongs to.
   * @throws ProblemError TOKEN_INVALID or TOKEN_EXPIRED; nothing says why in more detail.
   */
  async verify(token: string): Promise<Caller> {
    const now = this.#clock();
    const known = this.trusted(token);
    if (known !== null) return known;
    this.#trusted.delete(token);

    const invalid = (): ProblemError =>
      ProblemError.of('TOKEN_INVALID', 'The access token is not valid here.');
    if (token.length > maxTokenCharacters) throw invalid();
    const payload = await this.#read(token);
    const client =
      typeof payload['clientId'] === 'string'
        ? await clients.find(this.#store.database, payload['clientId'])
        : undefined;
    const isSame =
      client !== undefined &&
      isActive(client) &&
      client.tenantId === payload['tenantId'] &&
      client.userId === parseRecordId('user', payload.sub!);
    if (!isSame || (await endedTokens.has(this.#store.database, payload.jti!))) throw invalid();

    const caller: Caller = {
      tenantId: client.tenantId,
      userId: client.userId,
      userName: client.userName,
      userClass: UserClass.parse(client.userClass),
      clientId: client.clientId,
    };
    if (this.#trusted.size >= maxTrusted) this.#trusted.clear();
    this.#trusted.set(token, { caller, until: Math.min(now + trustMs, payload.exp! * 1000) });
    return caller;
  }

  /** What a token says, once it is known to be ours. @throws ProblemError TOKEN_INVALID, TOKEN_EXPIRED. */
  async #read(token: string): Promise<JWTPayload> {
    const { payload } = await jwtVerify(token, this.#key, {
      algorithms: ['HS256'],
      issuer,
      audience,
      clockTolerance: leewaySeconds,
      currentDate: new Date(this.#clock()),
      requiredClaims: ['exp', 'iat', 'sub', 'jti'],
    }).catch((error: unknown) => {
      if (error instanceof errors.JWTExpired) {
        throw ProblemError.of('TOKEN_EXPIRED', 'The access token has expired.');
      }
      throw ProblemError.of('TOKEN_INVALID', 'The access token is not valid here.');
    });
    return payload;
  }

  async #issue(client: ClientWithUser, seconds: number): Promise<Token> {
    const issuedAt = Math.floor(this.#clock() / 1000);
    const token = await new SignJWT({
      tenantId: client.tenantId,
      clientId: client.clientId,
      role: client.userClass,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(formatId('user', client.userId))
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + seconds)
      .setJti(crypto.randomUUID())
      .sign(this.#key);
    return { token, expiresInSeconds: seconds, tenantId: client.tenantId };
  }
}

/** Makes the first tenant with its administrator, unless there is one; `credentials` is asked for only then. */
export async function ensureAdministrator(
  store: Store,
  clock: Clock,
  credentials: () => Promise<Credentials>,
): Promise<void> {
  if ((await tenants.list(store.database)).length > 0) return;
  const { clientId, clientSecret } = await credentials();
  const at = toIso(clock());
  await store.transaction(async (transaction) => {
    const tenantId = await takeNumbers(transaction, 'tenant');
    const userId = await takeNumbers(transaction, 'user');
    const author = { userId, userName: 'Administrator' };
    await tenants.insert(transaction, { id: tenantId, name: 'default', createdAt: at });
    await users.insert(transaction, {
      id: userId,
      tenantId,
      name: author.userName,
      email: null,
      userClass: 'admin',
      status: 'active',
      ...creationStamps(author, at),
    });
    await clients.insert(transaction, {
      clientId,
      tenantId,
      userId,
      name: 'first start',
      secretHash: hashSecret(clientSecret),
      createdAt: at,
      revokedAt: null,
    });
  });
}

/** Secrets have 256 random bits, so one round of SHA-256 is as good as any slow hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function matchesHash(secret: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(secret), 'hex'), Buffer.from(hash, 'hex'));
}

function isActive(client: ClientWithUser): boolean {
  return client.revokedAt === null && client.userStatus === 'active';
}
