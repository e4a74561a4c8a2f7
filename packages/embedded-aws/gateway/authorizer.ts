import { CognitoJwtVerifier } from "aws-jwt-verify";
import type { Route } from "./definition";
import type { GatewayRequest } from "./event";

type Claims = Readonly<Record<string, string>>;
type Verifier = { verify(token: string): Promise<object> };

/** A Cognito authorizer of API Gateway. */
export class Authorizer {
  private readonly verifiers = new Map<string, Promise<Verifier>>();

  /** `endpoint` serves the pools' keys, like `https://cognito-idp.<region>.amazonaws.com`. */
  constructor(private readonly endpoint: string) {}

  /** Claims of an authorized caller, empty for public routes; undefined if unauthorized. */
  async claims(
    route: Pick<Route, "authorization" | "userPools">,
    request: GatewayRequest,
  ): Promise<Claims | undefined> {
    if (route.authorization === "NONE") return {};
    if (route.authorization !== "COGNITO_USER_POOLS") return undefined;
    const at = request.rawHeaders.findIndex(
      (name, index) => index % 2 === 0 && /^authorization$/i.test(name),
    );
    const token = at === -1 ? "" : (request.rawHeaders[at + 1] ?? "").replace(/^Bearer /i, "");
    for (const pool of route.userPools) {
      const verifier = await this.verifier(pool);
      const claims = await verifier.verify(token).catch(() => undefined);
      if (claims !== undefined) return texts(claims);
    }
    return undefined;
  }

  private verifier(poolArn: string): Promise<Verifier> {
    const known = this.verifiers.get(poolArn) ?? this.makeVerifier(poolArn.split("/")[1] ?? "");
    this.verifiers.set(poolArn, known);
    return known;
  }

  private async makeVerifier(userPoolId: string): Promise<Verifier> {
    // Without OAuth scopes on its methods, API Gateway only accepts identity tokens, of any client of the pool.
    const verifier = CognitoJwtVerifier.create({ userPoolId, tokenUse: "id", clientId: null });
    const keys = await fetch(`${this.endpoint}/${userPoolId}/.well-known/jwks.json`);
    verifier.cacheJwks((await keys.json()) as Parameters<typeof verifier.cacheJwks>[0]);
    return verifier;
  }
}

/** Claims as strings, as API Gateway passes them. */
function texts(claims: object): Claims {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(",") : String(value),
    ]),
  );
}
