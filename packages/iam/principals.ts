import type { Principal, Statement } from "./document";

/** Who sends a request. */
export interface Requester {
  /** The user, role, role session, service or identity provider; undefined for an anonymous request. */
  readonly principal?: Principal | undefined;
  /** ARN of the role of a session, where it has a path, which the session's ARN does not hold. */
  readonly roleArn?: string | undefined;
}

/**
 * How directly a resource's policy names the requester. `account` only lets the account's own policies decide, `role`
 * is limited by the role's boundary and the session's policy, and `itself` is not limited by anything.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export type Naming = "itself" | "role" | "account";

const SESSION = /:sts::(\d{12}):assumed-role\/([^/]+)\/.+/;

/**
 * The account of a user, a role, a session or an account as a whole, also without `AWS:`; undefined for services,
 * providers and the anonymous.
 */
export function accountOf(principal: string | undefined): string | undefined {
  return principal?.match(/^(?:AWS:)?(?:arn:[\w-]+:(?:iam|sts)::)?(\d{12})(?::|$)/)?.[1];
}

/** How a statement of a resource's policy names the requester; undefined where it does not concern them. */
export function namingOf(statement: Statement, requester: Requester): Naming | undefined {
  const { effect, principals, notPrincipals } = statement;
  const identities = identitiesOf(requester);
  if (notPrincipals.length > 0) {
    const spared = identities.map((identity) => isNamed(identity, notPrincipals));
    // A denial spares only those of whom account, role and session are all named:
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

/** All that policies may name a requester by, the most direct first. */
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

/** The account that a principal stands for as a whole: by its number, or by the ARN of its root. */
function wholeAccount(principal: Principal): string | undefined {
  return /:(\d{12})(?::root)?$/.exec(principal)?.[1];
}
