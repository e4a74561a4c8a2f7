import type { Principal, Statement } from "./document";

/** The requester of an API call. */
export interface Requester {
  /** User, role, role session, service or identity provider; undefined for anonymous requests. */
  readonly principal?: Principal | undefined;
  /** ARN of the session's role if it has a path, which the session's ARN lacks. */
  readonly roleArn?: string | undefined;
}

/**
 * How a resource policy names the requester. `account` delegates to the account's own policies, `role` is limited by
 * the role's boundary and session policy, `itself` has no limit.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export type Naming = "itself" | "role" | "account";

const SESSION = /:sts::(\d{12}):assumed-role\/([^/]+)\/.+/;

/**
 * Account of a user, role, session or account principal, also without `AWS:`; undefined for services, providers and
 * anonymous requesters.
 */
export function accountOf(principal: string | undefined): string | undefined {
  return principal?.match(/^(?:AWS:)?(?:arn:[\w-]+:(?:iam|sts)::)?(\d{12})(?::|$)/)?.[1];
}

/** How a resource policy's statement names the requester; undefined if it does not. */
export function namingOf(statement: Statement, requester: Requester): Naming | undefined {
  const { effect, principals, notPrincipals } = statement;
  const identities = identitiesOf(requester);
  if (notPrincipals.length > 0) {
    const spared = identities.map((identity) => isNamed(identity, notPrincipals));
    // A Deny with NotPrincipal only excludes requesters whose account, role and session are all listed:
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    const isSpared = effect === "Deny" ? spared.length > 0 && spared.every(Boolean) : spared.some(Boolean);
    return isSpared ? undefined : "itself";
  }
  if (principals.includes("*")) return "itself";
  return identities.find((identity) => isNamed(identity, principals))?.naming;
}

interface Identity {
  readonly principal: Principal;
  readonly naming: Naming;
}

/** All principals that can name a requester, most direct first. */
function identitiesOf({ principal, roleArn }: Requester): Identity[] {
  if (principal === undefined) return [];
  const account = accountOf(principal);
  if (account === undefined) return [{ principal, naming: "itself" }];
  const role =
    roleArn === undefined
      ? (principal.replace(SESSION, ":iam::$1:role/$2") as Principal)
      : (`AWS:${roleArn}` as const);
  const own: Identity = { principal, naming: /:iam::\d{12}:role\//.test(principal) ? "role" : "itself" };
  return [
    ...(wholeAccount(principal) === undefined ? [own] : []),
    ...(role === principal ? [] : [{ principal: role, naming: "role" as const }]),
    { principal: `AWS:${account}`, naming: "account" },
  ];
}

function isNamed({ principal }: Identity, named: readonly Principal[]): boolean {
  const type = principal.slice(0, principal.indexOf(":"));
  const wanted = wholeAccount(principal) ?? principal;
  return named.some((one) => one === `${type}:*` || (wholeAccount(one) ?? one) === wanted);
}

/** The account of a whole-account principal: its number, or the ARN of its root. */
function wholeAccount(principal: Principal): string | undefined {
  return /:(\d{12})(?::root)?$/.exec(principal)?.[1];
}
